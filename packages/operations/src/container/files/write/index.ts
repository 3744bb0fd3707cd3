import type { ContainerFile } from '@podman-api/podman';
import Joi from 'joi';
import { userRefusals } from '../../../policy/rules.ts';
import { containerName, containerUser } from '../../../schemas/names.ts';
import { fileMode } from '../../../schemas/text.ts';
import { rejectReplacedAtStart } from '../../add-file/replaced-at-start.ts';
import { defineContainerOperation } from '../../define-container-operation.ts';
import {
  awaitFileHelperAndDiscard,
  draftOf,
  exampleFile,
  fileOf,
  filePath,
  fileShape,
  locateFiles,
  readContent,
  runFileRequest,
} from '../files.ts';

interface WriteFileInput {
  readonly name: string;
  readonly path: string;
  readonly mode?: string;
  readonly owner?: string;
}

/** Writes the bytes of a request into a file, as a whole or not at all. */
export const writeFile = defineContainerOperation<WriteFileInput, ContainerFile>({
  name: 'container.write_file',
  method: 'PUT',
  path: '/containers/:name/files',
  scope: 'exec',
  query: ['path', 'mode', 'owner'],
  input: Joi.object<WriteFileInput>({
    name: containerName().required(),
    path: filePath().pattern(/[^/]$/).messages({ 'string.pattern.base': '{{#label}} must name a file, without "/" at the end' }).required(),
    mode: fileMode().description('Octal digits. Default: that of the file that is replaced, `0644` for a new one.'),
    owner: containerUser().description('A user or uid, or `user:group`. Default: that of the file that is replaced, root for a new one.'),
  }),
  upload: { type: 'application/octet-stream' },
  noun: 'file',
  status: 201,
  summary: 'Writes the request body into a file in a container',
  description:
    'The body may have up to `MAX_UPLOAD` bytes and is streamed. The file is replaced in one step when all of the body has arrived; before that, and after a failure, the old file is there. Missing directories above it are made, as root. The container may be stopped, and needs no shell.',
  results: { 201: fileShape },
  example: { input: { name: 'web', path: exampleFile.path, mode: '0644' }, result: exampleFile },
  isRecoveryAwaited: true,
  // The helper writes as root, so the policy must allow root: root can become any other user.
  refusals: (_input, policy) => userRefusals('root', policy),
  async run(podman, { name, path, mode = '', owner = '' }, context) {
    const { entry, source } = await locateFiles(podman, name, context);
    rejectReplacedAtStart(path, entry, 'path');
    const request = { verb: 'write', path, mode, owner, draft: draftOf(context) } as const;
    const content = readContent(await context.channel());
    return fileOf(await runFileRequest(podman, source, request, context, 'path', { content }));
  },
  recover: (podman, { name, path }, context) =>
    awaitFileHelperAndDiscard(podman, name, context, async source => {
      await runFileRequest(podman, source, { verb: 'discard', path, draft: draftOf(context) }, context, 'path').catch(() => {});
    }),
});
