import { memoryBytes } from '@podman-api/operations/resources';
import { ConfigError } from '@podman-api/runtime';
import Joi, { type ObjectSchema } from 'joi';
import { parseDuration } from './duration.ts';
import type { TokenQuotas } from './token.ts';

/** Names of all quotas, in the order in which they are shown. */
export const quotaNames = ['max_containers', 'max_memory', 'max_cpus', 'max_running_jobs', 'max_ttl'] as const;

/** Schema of the quotas of a token in the tokens file. */
export const quotasSchema: ObjectSchema<TokenQuotas> = Joi.object({
  max_containers: Joi.number().integer().min(0),
  max_memory: Joi.number().integer().min(1),
  max_cpus: Joi.number().min(0.01),
  max_running_jobs: Joi.number().integer().min(1),
  max_ttl: Joi.number().integer().min(1),
} satisfies Record<keyof TokenQuotas, Joi.Schema>);

/** Options of `npm run token -- create` for quotas, by quota: the option and its value. */
export const quotaOptions = {
  max_containers: ['max-containers', 'containers, running and stopped'],
  max_memory: ['max-memory', 'bytes for all containers together, as in 512m or 4g'],
  max_cpus: ['max-cpus', 'CPUs for all containers together, as in 2.5'],
  max_running_jobs: ['max-running-jobs', 'jobs that have not ended, except reads and waits'],
  max_ttl: ['max-ttl', 'minutes, hours or days, the maximum ttl of a container, as in 90m, 12h or 1d'],
} as const satisfies Record<keyof TokenQuotas, readonly [option: string, description: string]>;

/** Values of the options for quotas, by quota, as they were typed. */
export type QuotaOptionValues = Readonly<Partial<Record<keyof TokenQuotas, string | undefined>>>;

const readNumber = (text: string) => (/^[\d.]+$/.test(text) ? Number(text) : Number.NaN);
const readers: Readonly<Record<keyof TokenQuotas, (text: string) => number>> = {
  max_containers: readNumber,
  max_memory: memoryBytes,
  max_cpus: readNumber,
  max_running_jobs: readNumber,
  max_ttl: text => (parseDuration(text) ?? Number.NaN) / 1000,
};

/**
 * Reads the quotas of a new token.
 * @returns `undefined` if there are none
 * @throws ConfigError that names the wrong option
 */
export function readQuotas(values: QuotaOptionValues): TokenQuotas | undefined {
  const given = quotaNames.flatMap(name => (values[name] === undefined ? [] : [[name, readQuota(name, values[name])] as const]));
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function readQuota(name: keyof TokenQuotas, text: string): number {
  const value = tryRead(readers[name], text);
  if (!quotasSchema.validate({ [name]: value }).error) return value;
  const [option, description] = quotaOptions[name];
  throw new ConfigError(`--${option}="${text}" is not allowed: it must be a number of ${description}.`);
}

function tryRead(read: (text: string) => number, text: string): number {
  try {
    return read(text);
  } catch {
    return Number.NaN;
  }
}
