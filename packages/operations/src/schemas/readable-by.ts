import type { CustomValidator } from 'joi';

/** A value of a request cannot be read. The message says what to write; it follows the field's name and a colon. */
export class UnreadableValue extends Error {}

/**
 * Returns a validator that accepts what a function can read.
 * @param read throws `UnreadableValue` for a value it cannot read
 */
export function readableBy<Value>(read: (value: Value) => unknown): CustomValidator<Value> {
  return (value, helpers) => {
    try {
      read(value);
      return value;
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      return helpers.message({ custom: '{{#label}}: {{#why}}' }, { why: error.message });
    }
  };
}

/** Returns a value of a request for a message: JSON of at most 200 characters. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
