import type { CustomValidator } from 'joi';

/** Accepts what a reader can read; what that throws becomes the fault's message, after the field's name. */
export function readableBy<Value>(read: (value: Value) => unknown): CustomValidator<Value> {
  return (value, helpers) => {
    try {
      read(value);
      return value;
    } catch (error) {
      const why = error instanceof Error ? error.message : 'can not be read';
      return helpers.message({ custom: '{{#label}} {{#why}}' }, { why });
    }
  };
}
