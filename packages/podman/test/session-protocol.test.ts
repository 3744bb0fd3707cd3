import { array, assert, integer, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsSession } from '../src/session/fits.ts';
import { noncePrefix, type Piece, WordReader } from '../src/session/protocol.ts';
import { escaped, quoted } from '../src/session/quote.ts';

const nonce = `${noncePrefix}0123456789abcdef0123456789abcdef`;

/** What a stream was read as: words by themselves, bytes together. */
function joined(pieces: readonly Piece[]): (string | { word: string })[] {
  const read: (string | { word: string })[] = [];
  for (const piece of pieces) {
    const last = read.at(-1);
    if ('word' in piece) read.push(piece);
    else if (typeof last === 'string') read[read.length - 1] = last + piece.bytes.toString('latin1');
    else read.push(piece.bytes.toString('latin1'));
  }
  return read;
}

describe('session protocol', () => {
  it('finds words in a stream wherever it is cut, and returns the bytes between them unchanged', async () => {
    const bytes = uint8Array({ maxLength: 60 }).map(given => Buffer.from(given).toString('latin1'));
    const near = integer({ min: 1, max: nonce.length }).map(length => nonce.slice(0, length));
    await assert(
      property(bytes, near, bytes, array(integer({ min: 1, max: 40 }), { minLength: 1 }), (before, like, between, sizes) => {
        const stream = Buffer.from(`${nonce} begun\n${before}${like}${between}${nonce} 137\n${between}${nonce} closed\n`, 'latin1');
        const reader = new WordReader(nonce);
        const pieces: Piece[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(...reader.read(stream.subarray(at, at + size)));
          at += size;
        }
        const expected = [{ word: 'begun' }, before + like + between, { word: '137' }, between, { word: 'closed' }];
        expect(joined(pieces)).toEqual(expected.filter(part => part !== ''));
      }),
    );
  });

  it('holds back only what may be the beginning of a word', () => {
    const reader = new WordReader(nonce);
    expect(reader.read(Buffer.from('abc'))).toEqual([{ bytes: Buffer.from('abc') }]);
    expect(reader.read(Buffer.from(nonce.slice(0, 5)))).toEqual([]);
    expect(joined(reader.read(Buffer.from('x')))).toEqual([`${nonce.slice(0, 5)}x`]);
  });

  it('does not wait for the end of a word that is too long', () => {
    const reader = new WordReader(nonce);
    const forged = `${nonce} ${'x'.repeat(100)}`;
    expect(joined([...reader.read(Buffer.from(forged)), ...reader.read(Buffer.from(`${nonce} 7\n`))])).toEqual([forged, { word: '7' }]);
  });

  it('quotes any text for a shell', async () => {
    expect(quoted("it's")).toBe("'it'\\''s'");
    expect(escaped(Buffer.from("a\n'\\\0é"))).toBe("'a\n\\0047\\0134\\0000\\0303\\0251'");
    await assert(property(string(), text => !/[^\n\x20-\x7e]/.test(escaped(Buffer.from(text)))));
  });

  const command = { container: 'c', argv: ['true'], environment: {} };

  it.each([
    ['looks for its parent', { argv: ['sh', '-c', 'echo $PPID'] }],
    ['ends others', { argv: ['pkill', 'x'] }],
    ['sets a variable that shells keep', { environment: { IFS: ':' } }],
    ['sets a variable of the loader', { environment: { LD_PRELOAD: 'x' } }],
    ['sets a variable of the session', { environment: { pa_nonce: 'x' } }],
    ['sets a variable that no shell can', { environment: { 'a.b': 'x' } }],
    ['has an argument that is too long', { argv: ['echo', 'x'.repeat(130_900)] }],
    ['has more stdin than a shell should hold', { stdin: 'x'.repeat(300_000) }],
  ])('does not take a command that %s', (_what, part) => {
    expect(fitsSession(command)).toBe(true);
    expect(fitsSession({ ...command, ...part })).toBe(false);
  });
});
