import { posix } from 'node:path';
import Joi, { type CustomValidator } from 'joi';
import { bodyText, boundedText } from '../../schemas/bounds.ts';
import { containerName, containerUser } from '../../schemas/names.ts';
import { containerPath } from '../../schemas/text.ts';

export interface AddFileInput {
  readonly name: string;
  readonly dest_path: string;
  readonly content: string;
  readonly encoding?: 'utf8' | 'base64';
  /** Octal digits. */
  readonly mode?: string;
  readonly owner?: string;
}

/** Node.js ignores characters that are not base64 instead of refusing them. */
const decodable: CustomValidator<string> = (content, helpers) => {
  const { encoding }: { encoding?: unknown } = helpers.state.ancestors[0];
  if (encoding !== 'base64' || /^[A-Za-z0-9+/]*={0,2}$/.test(content)) return content;
  return helpers.message({ custom: '{{#label}} must be base64, as encoding says' });
};

/** The kernel keeps no files in /proc and /sys; podman would write one below what is mounted there. */
const notKernels: CustomValidator<string> = (path, helpers) => {
  if (path.endsWith('/.')) return helpers.message({ custom: '{{#label}} must name a file, not a directory' });
  if (!/^\/(proc|sys)(\/|$)/.test(posix.normalize(path))) return path;
  return helpers.message({ custom: '{{#label}} must not be in /proc or /sys, where the kernel keeps no files' });
};

/** Schema of `POST /containers/:name/files`. */
export const addFileInput = Joi.object<AddFileInput>({
  name: containerName().required(),
  dest_path: containerPath()
    .pattern(/[^/]$/)
    .required()
    .messages({ 'string.pattern.base': '{{#label}} must name a file: no NUL, and no "/" at the end' })
    .custom(notKernels)
    .description('An absolute path without `..`; missing parent folders are created.'),
  content: bodyText().required().custom(decodable).description('A text, or base64 if `encoding` says so.'),
  encoding: Joi.string().valid('utf8', 'base64').description('How `content` holds the bytes of the file. Default: `utf8`.'),
  mode: boundedText(4)
    .pattern(/^[0-7]{3,4}$/)
    .messages({ 'string.pattern.base': '{{#label}} must be three or four octal digits, as in "0644"' })
    .description('Octal digits. Default: that of the file that is replaced, `0644` for a new one.'),
  owner: containerUser().description('A user or uid, or `user:group`. Default: that of the file that is replaced, root for a new one.'),
});
