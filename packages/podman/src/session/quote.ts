/** A text as one word of the shell, whatever is in it but NUL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Bytes as one word that `printf %b` makes them of again: NUL can stand in no word, and bytes that are no ASCII are safe from any locale. */
export function escaped(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return `'${latin1.replace(/[^\n\x20-\x7e]|['\\]/g, character => `\\0${character.charCodeAt(0).toString(8).padStart(3, '0')}`)}'`;
}
