import type { ContainerFile } from '@podman-api/podman';
import Joi from 'joi';
import { userRefusals } from '../../../policy/rules.ts';
import { containerName } from '../../../schemas/names.ts';
import { queryInteger } from '../../../schemas/query.ts';
import { listOf } from '../../../schemas/shape.ts';
import { defineContainerOperation } from '../../define-container-operation.ts';
import { exampleFile, filePath, fileShape, locateFiles, runFileRequest } from '../files.ts';

interface ListFilesInput {
  readonly name: string;
  readonly path: string;
  readonly depth?: number;
  readonly limit?: number;
}

/** Lists the files in a directory; symbolic links below it are not followed. */
export const listFiles = defineContainerOperation<ListFilesInput, readonly ContainerFile[]>({
  name: 'container.list_files',
  method: 'GET',
  path: '/containers/:name/files/list',
  scope: 'exec',
  query: ['path', 'depth', 'limit'],
  input: Joi.object<ListFilesInput>({
    name: containerName().required(),
    path: filePath().required(),
    depth: queryInteger(1, 100).description('Levels below the directory. Default: 1.'),
    limit: queryInteger(1, 10_000).description(
      'Maximum number of files. Default: 1000. A response with this many files may be incomplete.',
    ),
  }),
  lane: 'reads',
  isRepeatable: true,
  noun: 'files',
  summary: 'Lists the files in a directory of a container',
  description:
    'Level by level, each directory sorted by name; symbolic links below `path` are not followed. The container may be stopped, and needs no shell.',
  results: { 200: listOf(fileShape) },
  example: { input: { name: 'web', path: '/srv', depth: 1 }, result: [exampleFile] },
  refusals: (_input, policy) => userRefusals('root', policy),
  async run(podman, { name, path, depth = 1, limit = 1000 }, context) {
    const { source } = await locateFiles(podman, name, context);
    const answer = await runFileRequest(podman, source, { verb: 'list', path, depth, limit }, context, 'path');
    return 'files' in answer ? answer.files : [];
  },
});
