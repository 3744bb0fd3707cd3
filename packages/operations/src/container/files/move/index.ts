import type { ContainerFile } from '@podman-api/podman';
import Joi from 'joi';
import { userRefusals } from '../../../policy/rules.ts';
import { containerName } from '../../../schemas/names.ts';
import { defineContainerOperation } from '../../define-container-operation.ts';
import { awaitFileHelper, exampleFile, fileOf, filePath, fileShape, locateFiles, runFileRequest } from '../files.ts';

interface MoveFileInput {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Moves or renames a file or directory within a file system. */
export const moveFile = defineContainerOperation<MoveFileInput, ContainerFile>({
  name: 'container.move_file',
  method: 'POST',
  path: '/containers/:name/files/move',
  scope: 'exec',
  input: Joi.object<MoveFileInput>({
    name: containerName().required(),
    from: filePath().required(),
    to: filePath().required().description('The new path, in a directory that exists. An existing file is replaced.'),
  }),
  noun: 'file',
  summary: 'Moves or renames a file or directory in a container',
  description: 'In one step. Both paths must be in the same file system; an existing directory is not replaced (409).',
  results: { 200: fileShape },
  example: { input: { name: 'web', from: '/srv/new.html', to: exampleFile.path }, result: exampleFile },
  isRecoveryAwaited: true,
  refusals: (_input, policy) => userRefusals('root', policy),
  async run(podman, { name, from, to }, context) {
    const { source } = await locateFiles(podman, name, context);
    return fileOf(await runFileRequest(podman, source, { verb: 'move', from, to }, context, 'from'));
  },
  recover: (podman, _input, context) => awaitFileHelper(podman, context),
});
