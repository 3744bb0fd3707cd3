import Joi from 'joi';
import { text } from './text.ts';

/** Variables for a container: texts, or numbers and booleans that become texts as JSON writes them. */
export type Environment = Readonly<Record<string, string | number | boolean>>;

/** One variable has room for 128 KiB, name and value (MAX_ARG_STRLEN, execve(2)). */
const longest = 128 * 1024 - 2;

/** `{NAME: value}`. */
export const environment = () =>
  Joi.object()
    .pattern(
      /^[A-Za-z_][A-Za-z0-9_.-]*$/,
      Joi.alternatives(text().allow('').max(longest, 'utf8'), Joi.number().unsafe(), Joi.boolean().strict()).messages({
        'alternatives.match': '{{#label}} must be a text without NUL of at most 128 KiB, a number or a boolean',
      }),
    )
    .messages({ 'object.unknown': '{{#label}} is no name of a variable: letters, digits and "_", not beginning with a digit' })
    .description('Variables; their values stand in no log, job or argument list.');

/** The values as a process gets them. */
export function environmentStrings(environment: Environment = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
}
