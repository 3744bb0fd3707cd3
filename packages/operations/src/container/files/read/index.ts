import type { ArchiveHead, ByteRange, ReadHead } from '@podman-api/podman';
import Joi from 'joi';
import type { DownloadHead } from '../../../operation.ts';
import { userRefusals } from '../../../policy/rules.ts';
import { boundedText } from '../../../schemas/bounds.ts';
import { containerName } from '../../../schemas/names.ts';
import { count, shape } from '../../../schemas/shape.ts';
import { defineContainerOperation } from '../../define-container-operation.ts';
import { exampleFile, filePath, locateFiles, runFileRequest } from '../files.ts';

interface ReadFileInput {
  readonly name: string;
  readonly path: string;
  readonly range?: string;
  readonly if_range?: string;
  readonly if_none_match?: string;
}

/** Result of a download job. */
interface SentFile {
  readonly path: string;
  /** Bytes that were sent. */
  readonly size: number;
}

/** Longest header that is read; longer ones are refused. */
const maxHeaderLength = 4096;

/** Sends the bytes of a file. */
export const readFile = defineContainerOperation<ReadFileInput, SentFile>({
  name: 'container.read_file',
  method: 'GET',
  path: '/containers/:name/files',
  scope: 'exec',
  query: ['path'],
  headers: { range: 'Range', if_range: 'If-Range', if_none_match: 'If-None-Match' },
  input: Joi.object<ReadFileInput>({
    name: containerName().required(),
    path: filePath().required(),
    range: boundedText(maxHeaderLength).description('One range of bytes, such as `bytes=0-1023`: the response is a 206.'),
    if_range: boundedText(maxHeaderLength).description(
      'Applies the range only if the file has this ETag; otherwise returns the whole file.',
    ),
    if_none_match: boundedText(maxHeaderLength).description('ETags for which the response is a 304.'),
  }),
  download: { type: 'application/octet-stream', statuses: [200, 206, 304] },
  noun: 'file',
  summary: 'Returns the bytes of a file in a container',
  description:
    'The container may be stopped, and needs no shell. Symbolic links are followed inside the container. A directory is a 409: use the archive. If the file changes while it is sent, the connection is closed before the end.',
  results: { 200: shape<SentFile>('SentFile', { path: Joi.string(), size: count().description('Bytes that were sent.') }) },
  example: { input: { name: 'web', path: exampleFile.path }, result: { path: exampleFile.path, size: 15 } },
  // The helper reads as root, so the policy must allow root.
  refusals: (_input, policy) => userRefusals('root', policy),
  async run(podman, { name, path, range, if_range: ifRange, if_none_match: ifNoneMatch }, context) {
    const { source } = await locateFiles(podman, name, context);
    const request = { verb: 'read', path, range: parseRange(range), ifRange, ifNoneMatch: parseTags(ifNoneMatch) } as const;
    let size = 0;
    const channel = await context.channel();
    await runFileRequest(podman, source, request, context, 'path', {
      onHead: head => channel.send(createHead(head, request.range !== undefined)),
      async onBytes(bytes) {
        size += bytes.length;
        await channel.write(bytes);
      },
    });
    await channel.end();
    return { path, size };
  },
});

/**
 * Parses a `Range` header (RFC 9110, section 14.2). Several ranges, and units other than bytes, are ignored, as the RFC allows.
 * @returns `undefined` for the whole file
 */
export function parseRange(header: string | undefined): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(' ', '') ?? '') ?? [];
  if (first === undefined || (first === '' && last === '')) return undefined;
  if (first === '') return { suffix: Number(last) };
  if (last === undefined || last === '') return { first: Number(first) };
  return Number(last) < Number(first) ? undefined : { first: Number(first), last: Number(last) };
}

function parseTags(header: string | undefined): readonly string[] | undefined {
  return header?.split(',').map(tag => tag.trim());
}

function createHead(answer: ReadHead | ArchiveHead, hasRange: boolean): DownloadHead {
  if (!('etag' in answer)) throw new Error('the helper answered without an ETag');
  const { file, etag, part } = answer;
  const common = { ETag: etag, 'Accept-Ranges': 'bytes', 'Last-Modified': new Date(file.modified_at).toUTCString() };
  if (!part) return { status: 304, headers: common };
  const length = { ...common, 'Content-Length': String(part.length) };
  const isPart = hasRange && part.length < file.size;
  if (!isPart) return { status: 200, headers: length };
  return { status: 206, headers: { ...length, 'Content-Range': `bytes ${part.first}-${part.first + part.length - 1}/${file.size}` } };
}
