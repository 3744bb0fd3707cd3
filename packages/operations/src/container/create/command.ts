import Joi, { type AlternativesSchema } from 'joi';
import { quote, readableBy, UnreadableValue } from '../../schemas/readable-by.ts';
import { argv, type CommandInput, text } from '../../schemas/text.ts';
import { findShellSyntax, splitWords } from './split-words.ts';

const messages = {
  'alternatives.types': '{{#label}} must be a list of words such as ["sleep", "300"], or a string such as "sleep 300"',
  'alternatives.match': '{{#label}} must be a list of words such as ["sleep", "300"], or a string such as "sleep 300"',
};

/** Returns the schema of a command: a list of at least one word, or a string that can be split into words. */
export function command(): AlternativesSchema {
  return Joi.alternatives(text().custom(readableBy(splitCommand)), argv())
    .messages(messages)
    .description(
      'A list is argv. A string is split into words as a shell does, but no shell runs it: one with an unquoted `&&`, `|`, `;`, `<`, `>`, `$NAME` or a backquote is refused. For a shell write `["sh", "-c", "..."]`.',
    );
}

/** Returns the schema of a command that replaces the image's entrypoint; an empty string removes it. */
export function entrypoint(): AlternativesSchema {
  return Joi.alternatives(text().allow('').custom(readableBy(splitCommand)), argv())
    .messages(messages)
    .description('Instead of the image\'s entrypoint: a list, or a string that is split into words. `""` removes the image\'s.');
}

/**
 * Returns the words of a command.
 * @throws UnreadableValue if a string cannot be split
 */
export function wordsOf(value: CommandInput): readonly string[] {
  return typeof value === 'string' ? splitWords(value) : value;
}

/** @throws UnreadableValue if a string cannot be split, or has the syntax of a shell */
function splitCommand(value: string): readonly string[] {
  const syntax = findShellSyntax(value);
  if (syntax === undefined) return splitWords(value);
  throw new UnreadableValue(
    `no shell runs it, so ${quote(syntax)} would be an ordinary word; use ["sh", "-c", "..."] for a shell, or quote it`,
  );
}
