import type { ContainerFile } from '@podman-api/podman';
import Joi from 'joi';
import { userRefusals } from '../../../policy/rules.ts';
import { containerName } from '../../../schemas/names.ts';
import { defineContainerOperation } from '../../define-container-operation.ts';
import { exampleFile, fileOf, filePath, fileShape, locateFiles, runFileRequest } from '../files.ts';

interface StatFileInput {
  readonly name: string;
  readonly path: string;
}

/** Describes a file; a symbolic link at the end of the path is not followed. */
export const statFile = defineContainerOperation<StatFileInput, ContainerFile>({
  name: 'container.stat_file',
  method: 'GET',
  path: '/containers/:name/files/stat',
  scope: 'exec',
  query: ['path'],
  input: Joi.object<StatFileInput>({ name: containerName().required(), path: filePath().required() }),
  lane: 'reads',
  isRepeatable: true,
  noun: 'file',
  summary: 'Returns type, size, mode, owner and time of a file in a container',
  description: 'A symbolic link at the end of the path is described itself. The container may be stopped, and needs no shell.',
  results: { 200: fileShape },
  example: { input: { name: 'web', path: exampleFile.path }, result: exampleFile },
  refusals: (_input, policy) => userRefusals('root', policy),
  async run(podman, { name, path }, context) {
    const { source } = await locateFiles(podman, name, context);
    return fileOf(await runFileRequest(podman, source, { verb: 'stat', path }, context, 'path'));
  },
});
