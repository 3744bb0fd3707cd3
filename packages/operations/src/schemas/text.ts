import Joi from 'joi';

/** An argument of a command can't hold NUL (execve(2)). */
export const text = () =>
  Joi.string()
    .pattern(/^[^\0]*$/)
    .messages({ 'string.pattern.base': '{{#label}} must not contain NUL' });

/** Like `text`, but one line. */
export const line = () =>
  Joi.string()
    .pattern(/^[^\0\r\n]*$/)
    .messages({ 'string.pattern.base': '{{#label}} must be one line without NUL' });

/** An absolute path in a container, without `..`, which means another place where a folder is a symlink. */
export const containerPath = () =>
  text()
    .max(4095)
    .custom((path: string, helpers) => {
      if (!path.startsWith('/')) return helpers.message({ custom: '{{#label}} must be an absolute path' });
      if (path.split('/').includes('..')) return helpers.message({ custom: '{{#label}} must not contain ".."' });
      return path;
    });
