import Joi from 'joi';

/** One argument has room for so many bytes (MAX_ARG_STRLEN, execve(2)). */
const longest = 128 * 1024 - 1;

/** An argument of a command can't hold NUL (execve(2)). */
export const text = () =>
  Joi.string()
    .pattern(/^[^\0]*$/)
    .max(longest, 'utf8')
    .messages({
      'string.pattern.base': '{{#label}} must not contain NUL',
      'string.max': '{{#label}} must be shorter than 128 KiB: put what is longer into a file',
    });

/** Like `text`, but one line. */
export const line = () =>
  Joi.string()
    .pattern(/^[^\0\r\n]*$/)
    .messages({ 'string.pattern.base': '{{#label}} must be one line without NUL' });

/** An absolute path in a container, without `..`, which means another place where a folder is a symlink. */
export const containerPath = () =>
  text()
    .max(4095)
    .messages({ 'string.max': '{{#label}} must not be longer than 4095 characters' })
    .custom((path: string, helpers) => {
      if (!path.startsWith('/')) return helpers.message({ custom: '{{#label}} must be an absolute path' });
      if (path.split('/').includes('..')) return helpers.message({ custom: '{{#label}} must not contain ".."' });
      return path;
    });
