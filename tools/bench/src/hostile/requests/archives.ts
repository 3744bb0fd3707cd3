import { hostileText, secretMark } from '@podman-api/testing/hostile';
import fc, { type Arbitrary } from 'fast-check';

const blockBytes = 512;

/** Fields of the header of an entry (POSIX.1-1988 ustar), as texts of any content. */
interface Entry {
  readonly name: string;
  /** One character: `0` is a file, `2` a symbolic link, `x` a header of extended attributes. */
  readonly type: string;
  /** Valid if it has octal digits; if it is empty, the size of the content is written. */
  readonly size: string;
  readonly link: string;
  readonly content: string;
  readonly hasChecksum: boolean;
}

const names = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('manifest.json', 'index.json', 'repositories', 'Containerfile', './manifest.json', '../x') },
  { weight: 2, arbitrary: fc.constantFrom('/etc/passwd', '../../tmp/HOSTILE_MARK', 'a/../../x', '.', '', '.dockerignore') },
  { weight: 2, arbitrary: hostileText },
);
/** Files that say which images an archive has, of each kind of archive, and other texts. */
const contents = fc.oneof(
  fc.constantFrom(
    '[{"Config":"x.json","RepoTags":["localhost/a:1"],"Layers":[]}]',
    '[{"RepoTags":["docker.io/library/alpine:3.20","--all-tags"]}]',
    '[{"RepoTags":[null,{"a":1},1e999]}]',
    '{"manifests":[{"annotations":{"org.opencontainers.image.ref.name":"localhost/b:1"}}]}',
    '{"__proto__":{"latest":"x"},"constructor":{"1":"x"}}',
    `FROM localhost/none\nRUN echo ${secretMark}\n`,
    `[${'['.repeat(20_000)}`,
  ),
  hostileText.map(text => text + secretMark),
);
const entries: Arbitrary<Buffer> = fc
  .record<Entry>({
    name: names,
    type: fc.constantFrom('0', '0', '0', '0', '1', '2', '3', '5', 'x', 'g', 'L', 'K', 'S', '\0', '\xff'),
    size: fc.constantFrom('', '', '', '', '', '0', '77777777777', '-1', '8', 'x', '\x80'),
    link: fc.oneof(fc.constantFrom('', '/etc/shadow', '../..'), hostileText),
    content: contents,
    hasChecksum: fc.constantFrom(true, true, true, true, false),
  })
  .map(entryOf);

/** Archives with valid, invalid and hostile entries; some are cut off. */
export const hostileArchive: Arbitrary<Buffer> = fc.oneof(
  { weight: 8, arbitrary: fc.array(entries, { maxLength: 4 }).map(blocks => Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)])) },
  { weight: 1, arbitrary: fc.tuple(entries, fc.nat(2 * blockBytes)).map(([block, length]) => block.subarray(0, length)) },
  { weight: 1, arbitrary: fc.constantFrom('', '\x1f\x8b', '\x1f\x8b\x08\0broken', 'no archive').map(text => Buffer.from(text, 'latin1')) },
);

/** Returns the header of an entry and its content, in blocks. */
function entryOf({ name, type, size, link, content, hasChecksum }: Entry): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(blockBytes);
  header.write(name, 0, 100);
  header.write('0000644\x000000000\x000000000\x00', 100, 'latin1');
  header.write(size === '' ? bytes.length.toString(8).padStart(11, '0') : size, 124, 12, 'latin1');
  header.write('00000000000\0', 136, 'latin1');
  header.write(type, 156, 1, 'latin1');
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257, 'latin1');
  // The checksum is the sum of all bytes of the header, with spaces in its own field.
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(hasChecksum ? `${sum.toString(8).padStart(6, '0')}\0 ` : '0', 148, 'latin1');
  return Buffer.concat([header, bytes, Buffer.alloc((blockBytes - (bytes.length % blockBytes)) % blockBytes)]);
}
