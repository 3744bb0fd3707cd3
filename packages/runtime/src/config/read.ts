import { type Config, type VariableName, variables } from './variables.ts';

/** A wrong value in the environment; the message is one line that names it and says what is allowed. */
export class ConfigError extends Error {}

/**
 * Reads the named variables from an environment; unset and empty ones get their fallback.
 * @throws ConfigError at the first wrong value
 */
export function readConfig<Name extends VariableName>(env: NodeJS.ProcessEnv, names: readonly Name[]): Config<Name> {
  const entries = names.map(name => [name, read(name, env[name])] as const);
  return Object.fromEntries(entries) as Config<Name>;
}

function read(name: VariableName, value: string | undefined): unknown {
  const { fallback, schema, allowed, secret = false } = { secret: false, ...variables[name] };
  if (value === undefined || value === '') return fallback;
  const result = schema.validate(value);
  if (result.error) throw new ConfigError(`${name}${secret ? '' : `="${value}"`} is not allowed: it must be ${allowed}.`);
  return result.value;
}
