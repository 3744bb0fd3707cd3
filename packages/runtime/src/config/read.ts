import { type Config, type VariableName, variables } from './variables.ts';

/** Invalid environment variable. The message is one line with its name, its value unless it is secret, and the valid values. */
export class ConfigError extends Error {}

/**
 * Reads variables from an environment. Unset and empty variables get their defaults.
 * @throws ConfigError for the first invalid value
 */
export function readConfig<Name extends VariableName>(env: NodeJS.ProcessEnv, names: readonly Name[]): Config<Name> {
  const entries = names.map(name => [name, read(name, env[name])] as const);
  return Object.fromEntries(entries) as Config<Name>;
}

function read(name: VariableName, value: string | undefined): unknown {
  const { defaultValue, schema, allowed, isSecret } = { isSecret: false, ...variables[name] };
  if (value === undefined || value === '') return defaultValue;
  const result = schema.validate(value);
  if (result.error) throw new ConfigError(`${name}${isSecret ? '' : `="${value}"`} is not allowed: it must be ${allowed}.`);
  return result.value;
}
