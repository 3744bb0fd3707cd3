import { posix } from 'node:path';
import Joi, { type CustomValidator, type StringSchema } from 'joi';
import { bodyText } from '../../schemas/bounds.ts';
import { containerName, containerUser } from '../../schemas/names.ts';
import { once } from '../../schemas/once.ts';
import { containerPath, fileMode } from '../../schemas/text.ts';

/** Input of `POST /containers/:name/files`. */
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
const requireDecodable: CustomValidator<string> = (content, helpers) => {
  const { encoding }: { encoding?: unknown } = helpers.state.ancestors[0];
  if (encoding !== 'base64' || /^[A-Za-z0-9+/]*={0,2}$/.test(content)) return content;
  return helpers.message({ custom: '{{#label}} must be base64, as encoding says' });
};

/** /proc and /sys are file systems of the kernel; podman would write a file below the mount. */
const rejectKernelPath: CustomValidator<string> = (path, helpers) => {
  if (path.endsWith('/.')) return helpers.message({ custom: '{{#label}} must name a file, not a directory' });
  if (!/^\/(proc|sys)(\/|$)/.test(posix.normalize(path))) return path;
  return helpers.message({ custom: '{{#label}} must not be in /proc or /sys, which are file systems of the kernel' });
};

/** Returns the schema of the path of a file to write: absolute, without `..`, and not in `/proc` or `/sys`. */
export const writableFilePath = once(
  (): StringSchema =>
    containerPath()
      .pattern(/[^/]$/)
      .messages({ 'string.pattern.base': '{{#label}} must name a file: no NUL, and no "/" at the end' })
      .custom(rejectKernelPath)
      .description('An absolute path without `..`; missing parent directories are created.'),
);

/** Schemas of the content of a file to write, which its field `encoding` explains. */
export const contentSchemas = {
  content: bodyText().required().custom(requireDecodable).description('The content as a string, or in base64 with `encoding` `base64`.'),
  encoding: Joi.string().valid('utf8', 'base64').description('Encoding of `content`. Default: `utf8`.'),
};

/** Schema of `POST /containers/:name/files`. */
export const addFileInput = Joi.object<AddFileInput>({
  name: containerName().required(),
  dest_path: writableFilePath().required(),
  ...contentSchemas,
  mode: fileMode().description('Octal digits. Default: that of the file that is replaced, `0644` for a new one.'),
  owner: containerUser().description('A user or uid, or `user:group`. Default: that of the file that is replaced, root for a new one.'),
});
