import { checksumOf } from './encode-header.ts';

/** A header that was read. Each character of a name is a byte. */
export interface RawHeader {
  readonly name: string;
  /** The type of the entry (POSIX, ustar and pax interchange formats, and GNU's extensions). */
  readonly flag: string;
  /** Bytes of the content. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtimeSeconds: number;
  readonly linkName: string;
}

/** Format of POSIX, and that of GNU tar with its version. */
const ustarMagic = 'ustar\0';
const gnuMagic = 'ustar  \0';

/**
 * Reads a block as a header. Numbers that are not valid are NaN.
 * @returns `'empty'` if it consists of zeros; `undefined` if it is not a header
 */
export function decodeHeader(block: Buffer): RawHeader | 'empty' | undefined {
  if (block.every(byte => byte === 0)) return 'empty';
  const isUstar = block.toString('latin1', 257, 263) === ustarMagic;
  const isKnown = isUstar || block.toString('latin1', 257, 265) === gnuMagic;
  if (!isKnown || readNumber(block, 148, 8) !== checksumOf(block)) return undefined;
  const prefix = isUstar ? readText(block, 345, 155) : '';
  const name = readText(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    flag: block.toString('latin1', 156, 157),
    size: readNumber(block, 124, 12),
    mode: readNumber(block, 100, 8),
    uid: readNumber(block, 108, 8),
    gid: readNumber(block, 116, 8),
    mtimeSeconds: readNumber(block, 136, 12),
    linkName: readText(block, 157, 100),
  };
}

/** Reads a text of the header up to its first NUL. @param length of its field in bytes */
export function readText(block: Buffer, at: number, length: number): string {
  const text = block.toString('latin1', at, at + length);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** Reads a number in octal digits, 0 if there are none; or GNU's binary number, in two's complement after the first bit, which is set. */
function readNumber(block: Buffer, at: number, length: number): number {
  const field = block.subarray(at, at + length);
  if (field.readUInt8() >= 0x80) return Number(BigInt.asIntN(8 * length - 1, BigInt(`0x${field.toString('hex')}`)));
  const [digits = ''] = field.toString('latin1').replaceAll('\0', ' ').trim().split(' ');
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** Reads the records of an extended header (pax), whose bytes are kept even if they are not UTF-8. @returns `undefined` if it is damaged */
export function decodeRecords(body: Buffer): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(' ', at);
    const digits = space < 0 ? '' : body.toString('latin1', at, space);
    const end = at + Number(digits);
    const record = /^\d+$/.test(digits) && end <= body.length ? body.toString('latin1', space + 1, end) : '';
    const equals = record.indexOf('=');
    if (equals < 0 || !record.endsWith('\n')) return undefined;
    records.set(record.slice(0, equals), record.slice(equals + 1, -1));
    at = end;
  }
  return records;
}
