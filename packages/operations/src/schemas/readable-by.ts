import type { CustomValidator } from 'joi';

/** What a value of a request must be instead; its message follows the field's name and a colon. */
export class UnreadableValue extends Error {}

/**
 * Accepts values that a function can read.
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

/** What a caller sent, in JSON and at most 200 characters, to quote it in a message. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
