import Joi from 'joi';
import type { DownloadHead } from '../../../operation.ts';
import { userRefusals } from '../../../policy/rules.ts';
import { boundedText } from '../../../schemas/bounds.ts';
import { containerName } from '../../../schemas/names.ts';
import { count, shape } from '../../../schemas/shape.ts';
import { defineContainerOperation } from '../../define-container-operation.ts';
import { filePath, locateFiles, runFileRequest } from '../files.ts';

interface ReadArchiveInput {
  readonly name: string;
  readonly path: string;
  readonly accept_encoding?: string;
}

/** Result of a download job. */
interface SentArchive {
  readonly path: string;
  /** Bytes that were sent. */
  readonly size: number;
}

/** Longest header that is read; longer ones are refused. */
const maxHeaderLength = 4096;

/** Sends a file or directory as a tar archive. */
export const readArchive = defineContainerOperation<ReadArchiveInput, SentArchive>({
  name: 'container.read_archive',
  method: 'GET',
  path: '/containers/:name/archive',
  scope: 'exec',
  query: ['path'],
  headers: { accept_encoding: 'Accept-Encoding' },
  input: Joi.object<ReadArchiveInput>({
    name: containerName().required(),
    path: filePath()
      .required()
      .description(
        'An absolute path in the container, without `..`. The names in the archive begin with its last part; with `/.` at its end, they begin with `.`. A symbolic link at the end is archived itself, unless `/` or `/.` follows.',
      ),
    accept_encoding: boundedText(maxHeaderLength).description('With `gzip`, the archive is compressed.'),
  }),
  download: { type: 'application/x-tar', statuses: [200] },
  noun: 'archive',
  summary: 'Returns a file or directory of a container as a tar archive',
  description:
    'The container may be stopped, and needs no shell. Symbolic links on the way to the path are followed inside the container. Owners are ids, as in the container. Sockets, extended attributes and file systems of the kernel, such as /proc, are left out. If a file becomes shorter while it is sent, the connection is closed before the end.',
  results: { 200: shape<SentArchive>('SentArchive', { path: Joi.string(), size: count().description('Bytes that were sent.') }) },
  example: { input: { name: 'web', path: '/srv' }, result: { path: '/srv', size: 10_240 } },
  // The helper reads as root, so the policy must allow root.
  refusals: (_input, policy) => userRefusals('root', policy),
  async run(podman, { name, path, accept_encoding: acceptEncoding }, context) {
    const { source } = await locateFiles(podman, name, context);
    const isCompressed = acceptsGzip(acceptEncoding);
    let size = 0;
    const channel = await context.channel();
    await runFileRequest(podman, source, { verb: 'archive', path, isCompressed }, context, 'path', {
      onHead: () => channel.send(createHead(isCompressed)),
      async onBytes(bytes) {
        size += bytes.length;
        await channel.write(bytes);
      },
    });
    await channel.end();
    return { path, size };
  },
});

/** Whether an `Accept-Encoding` header (RFC 9110, section 12.5.3) accepts gzip. */
export function acceptsGzip(header = ''): boolean {
  const weights = new Map(
    header.split(',').map(item => {
      const [coding = '', ...parameters] = item.toLowerCase().split(';');
      const weight = parameters.map(parameter => /^\s*q\s*=\s*([\d.]+)\s*$/.exec(parameter)?.[1]).find(value => value !== undefined);
      return [coding.trim(), weight === undefined ? 1 : Number(weight)];
    }),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}

function createHead(isCompressed: boolean): DownloadHead {
  return { status: 200, headers: { Vary: 'Accept-Encoding', ...(isCompressed && { 'Content-Encoding': 'gzip' }) } };
}
