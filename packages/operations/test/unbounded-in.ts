import type { Description, Schema } from 'joi';

/** The paths of all strings, lists and objects in a schema that have no maximum. */
export function unboundedIn(schema: Schema): string[] {
  return unbounded(schema.describe(), '').map(path => path || '(itself)');
}

function unbounded(described: Description, path: string): string[] {
  const { type, keys = {}, patterns = [], items = [], ordered = [], matches = [] } = described;
  const inner: readonly (readonly [string, Description])[] = [
    ...Object.entries<Description>(keys),
    ...patterns.flatMap(({ schema, rule }: { schema?: Description; rule: Description }) => [
      ...(schema ? [['(key)', schema] as const] : []),
      ['*', rule] as const,
    ]),
    ...[...items, ...ordered].map((item: Description) => ['[]', item] as const),
  ];
  return [
    ...(isBounded(described) ? [] : [path]),
    ...inner.flatMap(([name, one]) => unbounded(one, path === '' ? name : `${path}.${name}`)),
    ...matches.flatMap(({ schema }: { schema: Description }) => unbounded(schema, path)),
    ...(type === 'any' && described.flags === undefined ? [path] : []),
  ];
}

function isBounded({ type, flags = {}, rules = [], patterns = [], keys, ordered = [] }: Description): boolean {
  const names: readonly string[] = rules.map(({ name }: { name: string }) => name);
  const hasMaximum = names.includes('max') || names.includes('length');
  if (type === 'string') return hasMaximum || 'only' in flags || rules.some(isShortPattern);
  if (type === 'array') return hasMaximum || ordered.length > 0;
  if (type === 'object') return patterns.length > 0 ? hasMaximum : keys !== undefined;
  return true;
}

/** A pattern of a whole string that has no unlimited repetition. */
function isShortPattern({ name, args }: { name: string; args?: { regex?: string } }): boolean {
  const source = args?.regex ?? '';
  return name === 'pattern' && /^\/\^.*\$\/$/.test(source) && !/[*+]|\{\d+,\}/.test(source);
}
