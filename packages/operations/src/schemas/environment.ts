import Joi, { type ObjectSchema } from 'joi';
import { boundedMap } from './bounds.ts';
import { once } from './once.ts';
import { text } from './text.ts';

/** Variables for a container: strings, or numbers and booleans, which become strings as in JSON. */
export type EnvironmentInput = Readonly<Record<string, string | number | boolean>>;

/** A variable may have 128 KiB in all, with its name and a NUL (MAX_ARG_STRLEN, execve(2)). */
const maxValueBytes = 128 * 1024 - 2;
const maxVariables = 1000;

/** Returns the schema of variables: `{NAME: value}`. */
export const environment = once((): ObjectSchema => {
  const value = Joi.alternatives(text().allow('').max(maxValueBytes, 'utf8'), Joi.number().unsafe(), Joi.boolean().strict()).messages({
    'alternatives.match': '{{#label}} must be a string without NUL of at most 128 KiB, a number or a boolean',
    'alternatives.types': '{{#label}} must be a string, a number or a boolean',
  });
  return boundedMap(maxVariables, /^[A-Za-z_][A-Za-z0-9_.-]{0,254}$/, value)
    .messages({
      'object.base': '{{#label}} must be an object, such as \\{"LANG": "C.UTF-8"}',
      'object.unknown':
        '{{#label}} is not a name of a variable: use up to 255 letters, digits, "_", "." and "-", and begin with a letter or "_"',
    })
    .description(
      'Variables. Their values are in no log, job or argument list. A name may have `.` and `-`, but a shell drops such variables: the programs that `sh` starts do not get them.',
    );
});

/** Returns the values as a process gets them. */
export function environmentStrings(environment: EnvironmentInput = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
}
