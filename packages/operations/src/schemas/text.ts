import { normalize } from 'node:path';
import type { ArraySchema, StringSchema } from 'joi';
import { boundedList, boundedText } from './bounds.ts';
import { once } from './once.ts';

/** Longest argument of a command in bytes, without the NUL at its end (MAX_ARG_STRLEN, execve(2)). */
const maxArgumentBytes = 128 * 1024 - 1;
/** Words of a command; a request body holds no more values. */
const maxWords = 10_000;
/** Longest path in bytes, without the NUL at its end (PATH_MAX, path_resolution(7)). */
export const maxPathLength = 4095;
/** Longest single line, such as a password. */
const maxLineLength = 4096;

/** Returns the schema of a string that fits into one argument of a command: no NUL (execve(2)), and shorter than 128 KiB. */
export const text = once(
  (): StringSchema =>
    boundedText(maxArgumentBytes)
      .max(maxArgumentBytes, 'utf8')
      .pattern(/^[^\0]*$/)
      .messages({
        'string.pattern.base': '{{#label}} must not contain NUL',
        'string.max': '{{#label}} must be shorter than 128 KiB: put longer text into a file',
      }),
);

/** A command in a request: a list is argv; what a string means depends on the operation. */
export type CommandInput = string | readonly string[];

/** Returns the schema of a command as a list of at least one word. */
export const argv = once((): ArraySchema => boundedList(maxWords, text().allow('')).min(1));

/** Returns the schema of a string of one line, without NUL. */
export const line = once(
  (): StringSchema =>
    boundedText(maxLineLength)
      .pattern(/^[^\0\r\n]*$/)
      .messages({ 'string.pattern.base': '{{#label}} must be one line without NUL' }),
);

/** Returns the schema of an absolute path in a container, without `..`, which leads elsewhere after a symlink. */
export const containerPath = once(
  (): StringSchema =>
    text()
      .max(maxPathLength)
      .messages({ 'string.max': `{{#label}} must not be longer than ${maxPathLength} characters` })
      .custom((path: string, helpers) => {
        const fault = pathFault(path);
        return fault === undefined ? path : helpers.message({ custom: `{{#label}} ${fault}` });
      }),
);

/** Returns what is wrong with a path in a container, as the end of a sentence; `undefined` if it is valid. */
export function pathFault(path: string): string | undefined {
  if (!path.startsWith('/')) return 'must be an absolute path, such as /data';
  if (path.split('/').includes('..')) return 'must not contain ".."';
  return undefined;
}

/** Returns a path in its shortest form: `/data//` and `/./data` become `/data`. */
export function plainPath(path: string): string {
  return normalize(path).replace(/(?<=.)\/$/, '');
}

/** Returns the schema of a file's mode. */
export const fileMode = once(
  (): StringSchema =>
    boundedText(4)
      .pattern(/^[0-7]{3,4}$/)
      .messages({ 'string.pattern.base': '{{#label}} must be three or four octal digits, as in "0644"' }),
);
