import type { ContainerFile } from '@podman-api/podman';
import Joi from 'joi';
import { userRefusals } from '../../../policy/rules.ts';
import { containerName, containerUser } from '../../../schemas/names.ts';
import { fileMode } from '../../../schemas/text.ts';
import { rejectReplacedAtStart } from '../../add-file/replaced-at-start.ts';
import { defineContainerOperation } from '../../define-container-operation.ts';
import { awaitFileHelper, exampleFile, fileOf, filePath, fileShape, locateFiles, runFileRequest } from '../files.ts';

interface MakeDirectoryInput {
  readonly name: string;
  readonly path: string;
  readonly mode?: string;
  readonly owner?: string;
}

/** Makes a directory and those above it. */
export const makeDirectory = defineContainerOperation<MakeDirectoryInput, ContainerFile>({
  name: 'container.make_directory',
  method: 'POST',
  path: '/containers/:name/files/directory',
  scope: 'exec',
  input: Joi.object<MakeDirectoryInput>({
    name: containerName().required(),
    path: filePath().required(),
    mode: fileMode().description('Octal digits. Default: `0755` for a new directory.'),
    owner: containerUser().description('A user or uid, or `user:group`. Default: root for a new directory.'),
  }),
  noun: 'file',
  status: 201,
  summary: 'Makes a directory in a container',
  description: 'Creates missing directories above it too. An existing directory gets the mode and owner, if they are given.',
  results: { 201: fileShape },
  example: {
    input: { name: 'web', path: '/srv/static', mode: '0755' },
    result: { ...exampleFile, path: '/srv/static', name: 'static', type: 'directory', size: 4096, mode: '0755' },
  },
  isRecoveryAwaited: true,
  refusals: (_input, policy) => userRefusals('root', policy),
  async run(podman, { name, path, mode = '', owner = '' }, context) {
    const { entry, source } = await locateFiles(podman, name, context);
    rejectReplacedAtStart(path, entry, 'path');
    return fileOf(await runFileRequest(podman, source, { verb: 'make-directory', path, mode, owner }, context, 'path'));
  },
  recover: (podman, _input, context) => awaitFileHelper(podman, context),
});
