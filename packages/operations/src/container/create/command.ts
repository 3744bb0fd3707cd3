import Joi from 'joi';
import { readableBy } from '../../schemas/readable-by.ts';
import { text } from '../../schemas/text.ts';
import { splitWords } from './split-words.ts';

/** A command: a list is argv, a string is split into words. */
export type Command = string | readonly string[];

/** A command as a list of at least one word, or a string that can be split into words. */
export const command = () =>
  Joi.alternatives(text().custom(readableBy(wordsOf)), Joi.array().items(text().allow('')).min(1))
    .messages({
      'alternatives.types': '{{#label}} must be a text or a list of texts',
    })
    .description('A list is argv; a text is split into words as a shell does.');

/**
 * The words of a command.
 * @throws SyntaxError where a string can't be split
 */
export function wordsOf(value: Command): readonly string[] {
  return typeof value === 'string' ? splitWords(value) : value;
}
