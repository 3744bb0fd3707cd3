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

/** Returns the value of a flag as a number; `undefined` if the flag is missing. @throws UsageError */
export function parseNumber(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(text)) throw new UsageError(`--${flag} must be a number, but is "${text}".`);
  return Number(text);
}

/** Returns the values of a flag, such as `KEY=VALUE`, as an object; `undefined` if the flag is missing. @throws UsageError */
export function parsePairs(texts: readonly string[] | undefined, flag: string): Readonly<Record<string, string>> | undefined {
  return texts && Object.fromEntries(texts.map(text => parsePair(text, flag)));
}

/**
 * Does the same for `--env`. `KEY` without a value uses the variable of this process, which keeps secrets out of arguments.
 * @throws UsageError if there is no such variable
 */
export function parseEnvironment(texts: readonly string[] | undefined): Readonly<Record<string, string>> | undefined {
  return texts && Object.fromEntries(texts.map(text => (text.includes('=') ? parsePair(text, 'env') : readVariable(text))));
}

function readVariable(name: string): [string, string] {
  const value = process.env[name];
  if (value !== undefined) return [name, value];
  throw new UsageError(`--env ${name}: this process has no such variable: use --env ${name}=VALUE, or set the variable.`);
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
