import fc, { type Arbitrary } from 'fast-check';
import { hostileText, hostileValue, objectNames } from './values.ts';

export type Fields = Readonly<Record<string, Arbitrary<unknown>>>;

/** Names of fields that no operation has: options of podman, and properties of JavaScript's objects. */
const unknownFields = [
  ...objectNames,
  'privileged',
  'security_opt',
  'devices',
  'pid',
  'volumes_from',
  '--privileged',
  '',
  'name\0',
] as const;

/** Generates inputs whose fields are mostly valid; a few fields are invalid or unknown. */
export function createInput(required: Fields, optional: Fields = {}): Arbitrary<object> {
  const mostlyValid = (valid: Arbitrary<unknown>) =>
    fc.oneof({ weight: 150, arbitrary: valid }, { weight: 1, arbitrary: hostileText }, { weight: 1, arbitrary: hostileValue });
  const all = Object.entries({ ...required, ...optional }).map(([name, valid]) => [name, mostlyValid(valid)]);
  const given = fc.record<Record<string, unknown>>(Object.fromEntries(all), { requiredKeys: Object.keys(required) });
  const unknownField = fc.tuple(fc.constantFrom(...unknownFields), hostileValue);
  const optionalUnknownField = fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: unknownField });
  // Unlike an assignment, `fromEntries` makes even `__proto__` an own property.
  return fc
    .tuple(given, optionalUnknownField)
    .map(([known, unknown]) => Object.fromEntries([...Object.entries(known), ...(unknown ? [unknown] : [])]));
}
