import { describe, expect, it } from 'vitest';
import { decodeHeader, decodeRecords } from '../../src/files/helper/archive/decode-header.ts';
import { checksumOf, encodeHeader } from '../../src/files/helper/archive/encode-header.ts';

/** Returns a header with other bytes at a place, and the checksum for it. */
function headerWith(bytes: Buffer, at: number): Buffer {
  const empty = { mode: 0o644, uid: 1, gid: 2, size: 3, mtimeSeconds: 4, linkName: '', owner: '', group: '' };
  const block = encodeHeader({ ...empty, name: 'caf\xe9', type: 'file', device: { major: 0, minor: 0 } });
  bytes.copy(block, at);
  block.write(`${checksumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

describe('decodeHeader', () => {
  it('reads GNU numbers, which are binary and may be negative', () => {
    const [uid, time] = [Buffer.from('8000000000300000', 'hex'), Buffer.from('ffffffffffffffffffffffff', 'hex')];
    expect(decodeHeader(headerWith(uid, 108))).toMatchObject({ name: 'caf\xe9', uid: 0x300000, size: 3 });
    expect(decodeHeader(headerWith(time, 136))).toMatchObject({ mtimeSeconds: -1 });
  });

  it('reads numbers with spaces around them, empty ones as 0, and others as NaN', () => {
    expect(decodeHeader(headerWith(Buffer.from('   17 \0 '), 108))).toMatchObject({ uid: 0o17 });
    expect(decodeHeader(headerWith(Buffer.alloc(8), 108))).toMatchObject({ uid: 0 });
    expect(decodeHeader(headerWith(Buffer.from('0000009\0'), 108))).toMatchObject({ uid: Number.NaN });
  });

  it('accepts GNU tar, and refuses other formats and wrong checksums', () => {
    const gnu = headerWith(Buffer.from('ustar  \0'), 257);
    expect(decodeHeader(gnu)).toMatchObject({ name: 'caf\xe9' });
    expect(decodeHeader(headerWith(Buffer.alloc(8), 257))).toBeUndefined();
    gnu[0] = 0;
    expect(decodeHeader(gnu)).toBeUndefined();
  });
});

describe('decodeRecords', () => {
  it('reads records, and keeps bytes that are not UTF-8', () => {
    expect(decodeRecords(Buffer.from('20 path=caf\xe9\n=x y.t\n12 uid=1234\n', 'latin1'))).toEqual(
      new Map([
        ['path', 'caf\xe9\n=x y.t'],
        ['uid', '1234'],
      ]),
    );
  });

  it.each(['7 a=b', '5 a=b\n', '4 ab\n', '0 a=b\n', 'x a=b\n', '9 a=b\n'])('refuses %j', text => {
    expect(decodeRecords(Buffer.from(text))).toBeUndefined();
  });
});
