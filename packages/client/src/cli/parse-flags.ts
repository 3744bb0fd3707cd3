import { UsageError } from './errors.ts';

/**
 * Returns the only positional argument of a command.
 * @param description name of the argument in the message, such as `A container's name`
 * @throws UsageError if there is none, or several
 */
export function requireOnePositional(positionals: readonly string[], description: string): string {
  const [first, ...rest] = positionals;
  if (first === undefined) throw new UsageError(`${description} is missing.`);
  if (rest.length > 0) throw new UsageError(`${description} must be the only argument.`);
  return first;
}

/** Rejects positional arguments of a command that has none. @throws UsageError */
export function rejectPositionals(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new UsageError(`Unexpected argument "${positionals[0]}".`);
}

/** Returns the value of a flag as a number; `undefined` if the flag is missing. @throws UsageError */
export function parseNumber(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^(\d{1,9}(\.\d{1,3})?|\.\d{1,3})$/.test(text)) throw new UsageError(`--${flag} must be a number, but is "${text}".`);
  return Number(text);
}

/** Returns the values of a flag, such as `KEY=VALUE`, as an object; `undefined` if the flag is missing. @throws UsageError */
export function parsePairs(texts: readonly string[] | undefined, flag: string): Readonly<Record<string, string>> | undefined {
  return texts && Object.fromEntries(texts.map(text => parsePair(text, flag)));
}

/** The flag of a node, for resources that several nodes may have. */
export const nodeFlag = { type: 'string', value: 'NAME', description: 'the node, if several have it' } as const;

/** Returns the flag `--filter`, which can be repeated. @param keys keys that the command accepts */
export function filterFlag(keys: readonly string[]) {
  return { type: 'string', multiple: true, value: 'KEY=VALUE', description: `filter by ${keys.join(', ')}` } as const;
}

/**
 * Returns the values of `--filter` by their keys.
 * @throws UsageError for a key that the command does not accept
 */
export function parseFilters<Key extends string>(
  texts: readonly string[] = [],
  keys: readonly Key[],
): { readonly [Name in Key]?: readonly string[] } {
  const filters: { [Name in Key]?: string[] } = {};
  for (const text of texts) {
    const [name, value] = parsePair(text, 'filter');
    const key = keys.find(candidate => candidate === name);
    if (key === undefined) throw new UsageError(`--filter accepts ${keys.join(', ')}, but not "${name}".`);
    filters[key] = [...(filters[key] ?? []), value];
  }
  return filters;
}

/** Returns the value of a filter that may be given once; `undefined` if it is missing. @throws UsageError */
export function parseSingleFilter(values: readonly string[] | undefined, key: string): string | undefined {
  if (values && values.length > 1) throw new UsageError(`--filter ${key} can be used once only.`);
  return values?.[0];
}

/** Returns the value of a filter that is true or false; `undefined` if it is missing. @throws UsageError */
export function parseBooleanFilter(values: readonly string[] | undefined, key: string): boolean | undefined {
  const text = parseSingleFilter(values, key);
  if (text === undefined || text === 'true' || text === 'false') return text === undefined ? undefined : text === 'true';
  throw new UsageError(`--filter ${key} must be true or false, but is "${text}".`);
}

/**
 * Does the same for variables, such as those of `--env`. `KEY` without a value uses the variable of this process, which keeps secrets out of
 * arguments.
 * @throws UsageError if there is no such variable
 */
export function parseVariables(texts: readonly string[] | undefined, flag: string): Readonly<Record<string, string>> | undefined {
  return texts && Object.fromEntries(texts.map(text => (text.includes('=') ? parsePair(text, flag) : readVariable(text, flag))));
}

function readVariable(name: string, flag: string): [string, string] {
  const value = process.env[name];
  if (value !== undefined) return [name, value];
  throw new UsageError(`--${flag} ${name}: this process has no such variable: use --${flag} ${name}=VALUE, or set the variable.`);
}

function parsePair(text: string, flag: string): [string, string] {
  const equalsIndex = text.indexOf('=');
  if (equalsIndex < 1) throw new UsageError(`--${flag} must be KEY=VALUE, but is "${text}".`);
  return [text.slice(0, equalsIndex), text.slice(equalsIndex + 1)];
}

/** Returns an object without the fields that are `undefined`. */
export function omitUndefined<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
export function omitUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
