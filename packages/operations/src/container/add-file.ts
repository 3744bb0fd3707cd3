import Joi, { type CustomValidator } from 'joi';
import { define } from '../operation.ts';
import { userRefusals } from '../policy/rules.ts';
import { containerName, containerUser } from '../schemas/names.ts';
import { count, shape } from '../schemas/shape.ts';
import { containerPath } from '../schemas/text.ts';
import { copyFile } from './files/copy-file.ts';
import type { NewFile } from './files/new-file.ts';
import { putFile } from './files/put-file.ts';
import { endLeftovers } from './mark.ts';

interface AddFileInput {
  readonly name: string;
  readonly dest_path: string;
  readonly content: string;
  readonly encoding?: 'utf8' | 'base64';
  /** Octal digits. */
  readonly mode?: string;
  readonly owner?: string;
}

interface AddedFile {
  readonly dest_path: string;
  /** Bytes. */
  readonly size: number;
}

/** Node.js skips what is no base64 instead of refusing it. */
const decodable: CustomValidator<string> = (content, helpers) => {
  const { encoding }: { encoding?: unknown } = helpers.state.ancestors[0];
  if (encoding !== 'base64' || /^[A-Za-z0-9+/]*={0,2}$/.test(content)) return content;
  return helpers.message({ custom: '{{#label}} must be base64, as encoding says' });
};

/**
 * Puts a file into a container, whole or not at all; folders above it are made. A script in the container does
 * that best; one that is stopped, or has no shell, is served by `podman cp`.
 */
export const addFile = define<AddFileInput, AddedFile>({
  name: 'container.add_file',
  method: 'POST',
  path: '/containers/:name/files',
  scope: 'exec',
  input: Joi.object<AddFileInput>({
    name: containerName().required(),
    dest_path: containerPath()
      .pattern(/[^/]$/)
      .required()
      .messages({ 'string.pattern.base': '{{#label}} must name a file: no NUL, and no "/" at the end' })
      .description('An absolute path without `..`; folders above it are made.'),
    content: Joi.string().allow('').required().custom(decodable).description('A text, or base64 where `encoding` says so.'),
    encoding: Joi.string().valid('utf8', 'base64').description('How `content` holds the bytes of the file; `utf8` unless told.'),
    mode: Joi.string()
      .pattern(/^[0-7]{3,4}$/)
      .messages({ 'string.pattern.base': '{{#label}} must be three or four octal digits, as in "0644"' })
      .description('Octal digits; `0644` unless told.'),
    owner: containerUser().description('A user or uid, or `user:group`; root unless told.'),
  }),
  secrets: ['content'],
  noun: 'file',
  status: 201,
  summary: 'Puts a file into a container, whole or not at all',
  description: 'The container may be stopped, and needs no shell.',
  results: { 201: shape<AddedFile>('AddedFile', { dest_path: Joi.string(), size: count().description('Bytes.') }) },
  example: {
    input: { name: 'web', dest_path: '/srv/index.html', content: '<h1>Hello</h1>\n', mode: '0644' },
    result: { dest_path: '/srv/index.html', size: 15 },
  },
  async run(podman, { name, dest_path, content, encoding = 'utf8', mode = '0644', owner = '' }, context) {
    const file: NewFile = { path: dest_path, content: Buffer.from(content, encoding), mode, owner };
    const put = await putFile(podman, name, file, context);
    if (!put) await copyFile(podman, name, file, context);
    return { dest_path, size: file.content.length };
  },
  // A script of ours does it as root, which can make any user of anyone.
  refusals: (_input, policy) => userRefusals('root', policy),
  recover: endLeftovers,
});
