import Joi from 'joi';
import { userRefusals } from '../../../policy/rules.ts';
import { containerName } from '../../../schemas/names.ts';
import { queryFlag } from '../../../schemas/query.ts';
import { shape } from '../../../schemas/shape.ts';
import { defineContainerOperation } from '../../define-container-operation.ts';
import { awaitFileHelper, fileOf, filePath, locateFiles, runFileRequest } from '../files.ts';

interface RemoveFileInput {
  readonly name: string;
  readonly path: string;
  readonly recursive?: boolean;
}

interface RemovedFile {
  readonly path: string;
  readonly removed: true;
}

/** Removes a file or directory. */
export const removeFile = defineContainerOperation<RemoveFileInput, RemovedFile>({
  name: 'container.remove_file',
  method: 'DELETE',
  path: '/containers/:name/files',
  scope: 'exec',
  query: ['path', 'recursive'],
  input: Joi.object<RemoveFileInput>({
    name: containerName().required(),
    path: filePath().required(),
    recursive: queryFlag().description('Removes a directory with its content. Default: only an empty one.'),
  }),
  noun: 'file',
  summary: 'Removes a file or directory in a container',
  description: 'A symbolic link is removed itself. Mounts are refused (409), also below a directory.',
  results: { 200: shape<RemovedFile>('RemovedFile', { path: Joi.string(), removed: Joi.valid(true) }) },
  example: { input: { name: 'web', path: '/srv/old', recursive: true }, result: { path: '/srv/old', removed: true } },
  isRecoveryAwaited: true,
  refusals: (_input, policy) => userRefusals('root', policy),
  async run(podman, { name, path, recursive = false }, context) {
    const { source } = await locateFiles(podman, name, context);
    const request = { verb: 'remove', path, isRecursive: recursive } as const;
    return { path: fileOf(await runFileRequest(podman, source, request, context, 'path')).path, removed: true };
  },
  recover: (podman, _input, context) => awaitFileHelper(podman, context),
});
