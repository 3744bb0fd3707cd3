/** Characters below U+0020 that JSON writes as a backslash and a letter: backspace, tab, newline, form feed and return. */
const shortEscapes: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);
/** Characters that are counted at once. */
const pieceLength = 64 * 1024;
const quotesBytes = 2;
const quote = 0x22;
const backslash = 0x5c;

/**
 * Cuts a string to what fits into a limit as JSON in UTF-8: a container's output may be of bytes that JSON writes with six. Cuts
 * between lines, unless a single line is longer than the limit.
 * @param keep which part of the text is returned
 */
export function limitJson(text: string, maxBytes: number, keep: 'start' | 'end'): string {
  let { count, bytes } = fittingPieces(text, maxBytes, keep);
  for (; count < text.length; count += 1) {
    const index = keep === 'start' ? count : text.length - 1 - count;
    bytes += jsonBytes(text.charCodeAt(index));
    if (bytes > maxBytes) return keep === 'start' ? cutEnd(text.slice(0, index)) : cutStart(text.slice(index + 1));
  }
  return text;
}

/**
 * Counts whole pieces that fit: JSON.stringify is several times as fast as a loop over characters, which would block the worker
 * for up to 300 ms for 16 MiB.
 * @returns how many characters they have, and how many bytes of JSON
 */
function fittingPieces(text: string, maxBytes: number, keep: 'start' | 'end'): { readonly count: number; readonly bytes: number } {
  let count = 0;
  let bytes = 0;
  while (count < text.length) {
    const from = keep === 'start' ? count : Math.max(0, text.length - count - pieceLength);
    const to = keep === 'start' ? count + pieceLength : text.length - count;
    const piece = text.slice(from, to);
    const size = Buffer.byteLength(JSON.stringify(piece)) - quotesBytes;
    // Between the halves of a surrogate pair, which are six bytes each on their own, a few bytes too many are counted.
    if (bytes + size > maxBytes) break;
    bytes += size;
    count += piece.length;
  }
  return { count, bytes };
}

/**
 * Number of bytes of a UTF-16 code unit in JSON as JSON.stringify writes it (RFC 8259); half of a surrogate pair has
 * half of four bytes.
 */
function jsonBytes(code: number): number {
  if (code >= 0x800) return code >= 0xd800 && code <= 0xdfff ? 2 : 3;
  if (code >= 0x80 || code === quote || code === backslash || shortEscapes.has(code)) return 2;
  return code < 0x20 ? 6 : 1;
}

function cutEnd(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1) || text.replace(/[\ud800-\udbff]$/, '');
}

function cutStart(text: string): string {
  const lineEnd = text.indexOf('\n');
  return (lineEnd >= 0 && text.slice(lineEnd + 1)) || text.replace(/^[\udc00-\udfff]/, '');
}
