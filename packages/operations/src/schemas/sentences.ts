import type { ValidationErrorItem } from 'joi';

type MessageContext = Readonly<Record<string, unknown>>;

interface Sentence {
  /** Part of Joi's own message. A message without it is the schema's own and is kept. */
  readonly joi: string;
  readonly say: (label: string, context: MessageContext) => string;
}

const entries = (count: unknown) => `${count} ${count === 1 ? 'entry' : 'entries'}`;

/**
 * Messages that replace Joi's, by Joi's code. Joi's option `messages` could do the same, but copies all messages for every schema
 * that has one of its own.
 */
const sentences: Readonly<Record<string, Sentence>> = {
  'any.required': { joi: 'is required', say: label => `${label} is required` },
  'any.only': { joi: 'must be', say: (label, { valids }) => `${label} must be ${joinWithOr(valids)}` },
  'any.invalid': { joi: 'contains an invalid value', say: label => `${label} must have another value` },
  'array.base': { joi: 'must be an array', say: label => `${label} must be a list, such as ["a", "b"]` },
  'array.includes': { joi: 'allowed types', say: label => `${label} must not be in this list` },
  'array.length': { joi: 'must contain', say: (label, { limit }) => `${label} must be a list with ${entries(limit)}` },
  'array.max': { joi: 'less than or equal to', say: (label, { limit }) => `${label} must have at most ${entries(limit)}` },
  'array.min': { joi: 'must contain at least', say: (label, { limit }) => `${label} must have at least ${entries(limit)}` },
  'array.orderedLength': { joi: 'must contain at most', say: (label, { limit }) => `${label} must have at most ${entries(limit)}` },
  'boolean.base': { joi: 'must be a boolean', say: label => `${label} must be true or false, without quotes` },
  'number.base': { joi: 'must be a number', say: label => `${label} must be a number such as 1, not a string` },
  'number.infinity': { joi: 'cannot be infinity', say: label => `${label} must be a finite number` },
  'number.integer': { joi: 'must be an integer', say: label => `${label} must be a whole number, such as 1` },
  'number.max': { joi: 'less than or equal to', say: (label, { limit }) => `${label} must be at most ${limit}` },
  'number.min': { joi: 'greater than or equal to', say: (label, { limit }) => `${label} must be at least ${limit}` },
  'number.unsafe': { joi: 'safe number', say: label => `${label} must be at most ${Number.MAX_SAFE_INTEGER}` },
  'object.base': { joi: 'must be of type', say: label => `${label} must be an object, such as {"name": "value"}` },
  'object.max': { joi: 'less than or equal to', say: (label, { limit }) => `${label} must have at most ${entries(limit)}` },
  'object.unknown': { joi: 'is not allowed', say: label => `${label} is not a known field` },
  'string.base': { joi: 'must be a string', say: label => `${label} must be a string, in quotes` },
  'string.empty': { joi: 'is not allowed to be empty', say: label => `${label} must not be empty` },
  'string.max': {
    joi: 'length must be',
    say: (label, { limit, encoding }) => `${label} must not be longer than ${limit} ${encoding === undefined ? 'characters' : 'bytes'}`,
  },
};

/** Returns the message for a fault that Joi found: the schema's own, or a sentence instead of Joi's. */
export function sentenceOf({ type, message, context = {} }: ValidationErrorItem): string {
  const sentence = Object.hasOwn(sentences, type) ? sentences[type] : undefined;
  return sentence && message.includes(sentence.joi) ? sentence.say(String(context.label), context) : message;
}

/** `a, b or c` */
function joinWithOr(values: unknown): string {
  const texts = Array.isArray(values) ? values.map(value => String(value)) : [String(values)];
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}
