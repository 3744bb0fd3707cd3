import { ApiError } from '@podman-api/errors';
import type { ExtractedArchive, FileSource, HelperAnswer, Podman } from '@podman-api/podman';
import Joi from 'joi';
import type { TaskContext } from '../../../operation.ts';
import { userRefusals } from '../../../policy/rules.ts';
import { containerName } from '../../../schemas/names.ts';
import { count, shape } from '../../../schemas/shape.ts';
import { defineContainerOperation } from '../../define-container-operation.ts';
import { awaitFileHelperAndDiscard, draftOf, filePath, locateFiles, readContent, runFileRequest } from '../files.ts';

interface WriteArchiveInput {
  readonly name: string;
  readonly path: string;
}

/** Time limit for removing the leftovers of an interrupted extraction. */
const discardTimeoutMs = 60_000;

/** Unpacks a tar archive in a directory. */
export const writeArchive = defineContainerOperation<WriteArchiveInput, ExtractedArchive>({
  name: 'container.write_archive',
  method: 'PUT',
  path: '/containers/:name/archive',
  scope: 'exec',
  query: ['path'],
  input: Joi.object<WriteArchiveInput>({
    name: containerName().required(),
    path: filePath().required().description('The directory, an absolute path in the container without `..`. It must exist.'),
  }),
  upload: { type: 'application/x-tar', acceptsGzip: true },
  noun: 'archive',
  summary: 'Unpacks a tar archive in a directory of a container',
  description:
    'The body may have up to `MAX_UPLOAD` bytes, after decompression with `Content-Encoding: gzip`, and is streamed. It is unpacked into a hidden directory inside it, and checked; then everything is moved to its place, each file and each new directory in one step. So an archive that is incomplete, damaged or refused changes nothing; only a failure while files are moved, such as a full volume, leaves some of them moved. Names with `..`, links out of the archive, devices, pipes and sparse files are refused. The container may be stopped, and needs no shell.',
  results: {
    200: shape<ExtractedArchive>('ExtractedArchive', {
      path: Joi.string().description('The directory, without symbolic links.'),
      entries: count().description('Files, directories and links in the archive.'),
      size: count().description('Bytes of all files.'),
    }),
  },
  example: { input: { name: 'web', path: '/srv' }, result: { path: '/srv', entries: 3, size: 15 } },
  isRecoveryAwaited: true,
  // The helper writes as root, so the policy must allow root: root can become any other user.
  refusals: (_input, policy) => userRefusals('root', policy),
  async run(podman, { name, path }, context) {
    const { source } = await locateFiles(podman, name, context);
    const draft = draftOf(context);
    const content = readContent(await context.channel());
    try {
      return extractedOf(await runFileRequest(podman, source, { verb: 'extract', path, draft }, context, 'path', { content }));
    } catch (error) {
      // A killed helper leaves its folder behind; it refuses an archive itself with a 4xx.
      const mayBeKilled = context.signal.aborted || !(error instanceof ApiError) || error.status >= 500;
      if (mayBeKilled) await discard(podman, source, path, { ...context, signal: AbortSignal.timeout(discardTimeoutMs) });
      throw error;
    }
  },
  recover: (podman, { name, path }, context) =>
    awaitFileHelperAndDiscard(podman, name, context, source => discard(podman, source, path, context)),
});

async function discard(podman: Podman, source: FileSource, path: string, context: TaskContext): Promise<void> {
  const request = { verb: 'discard-extraction', path, draft: draftOf(context) } as const;
  await runFileRequest(podman, source, request, context, 'path').catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
  });
}

function extractedOf(answer: HelperAnswer): ExtractedArchive {
  if (!('extracted' in answer)) throw new Error('the helper answered without an archive');
  return answer.extracted;
}
