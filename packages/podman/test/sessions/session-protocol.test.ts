import { array, assert, integer, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canRunInSession } from '../../src/sessions/can-run-in-session.ts';
import { MessageReader, noncePrefix, type StreamPart } from '../../src/sessions/protocol.ts';
import { quoteBytes, quoteText } from '../../src/sessions/request.ts';

const nonce = `${noncePrefix}0123456789abcdef0123456789abcdef`;

/** Returns messages as they are, and adjacent output as one text. */
function joinOutput(parts: readonly StreamPart[]): (string | { message: string })[] {
  const read: (string | { message: string })[] = [];
  for (const part of parts) {
    const last = read.at(-1);
    if ('message' in part) read.push(part);
    else if (typeof last === 'string') read[read.length - 1] = last + part.output.toString('latin1');
    else read.push(part.output.toString('latin1'));
  }
  return read;
}

describe('the session protocol', () => {
  it('finds messages in a stream wherever it is cut, and returns the output between them unchanged', async () => {
    const bytes = uint8Array({ maxLength: 60 }).map(given => Buffer.from(given).toString('latin1'));
    const near = integer({ min: 1, max: nonce.length }).map(length => nonce.slice(0, length));
    await assert(
      property(bytes, near, bytes, array(integer({ min: 1, max: 40 }), { minLength: 1 }), (before, like, between, sizes) => {
        const stream = Buffer.from(`${nonce} started\n${before}${like}${between}${nonce} 137\n${between}${nonce} closed\n`, 'latin1');
        const reader = new MessageReader(nonce);
        const parts: StreamPart[] = [];
        for (let at = 0, index = 0; at < stream.length; index += 1) {
          const size = sizes[index % sizes.length] ?? 1;
          parts.push(...reader.read(stream.subarray(at, at + size)));
          at += size;
        }
        const expected = [{ message: 'started' }, before + like + between, { message: '137' }, between, { message: 'closed' }];
        expect(joinOutput(parts)).toEqual(expected.filter(expectedPart => expectedPart !== ''));
      }),
    );
  });

  it('holds back only what may be the beginning of a message', () => {
    const reader = new MessageReader(nonce);
    expect(reader.read(Buffer.from('abc'))).toEqual([{ output: Buffer.from('abc') }]);
    expect(reader.read(Buffer.from(nonce.slice(0, 5)))).toEqual([]);
    expect(joinOutput(reader.read(Buffer.from('x')))).toEqual([`${nonce.slice(0, 5)}x`]);
  });

  it('does not wait for the end of a message that is too long', () => {
    const reader = new MessageReader(nonce);
    const forged = `${nonce} ${'x'.repeat(100)}`;
    expect(joinOutput([...reader.read(Buffer.from(forged)), ...reader.read(Buffer.from(`${nonce} 7\n`))])).toEqual([
      forged,
      { message: '7' },
    ]);
  });

  it('quotes any text for a shell', async () => {
    expect(quoteText("it's")).toBe("'it'\\''s'");
    expect(quoteBytes(Buffer.from("a\n'\\\0é"))).toBe("'a\n\\0047\\0134\\0000\\0303\\0251'");
    await assert(property(string(), text => !/[^\n\x20-\x7e]/.test(quoteBytes(Buffer.from(text)))));
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
  ])('runs no command that %s', (_what, part) => {
    expect(canRunInSession(command)).toBe(true);
    expect(canRunInSession({ ...command, ...part })).toBe(false);
  });
});
