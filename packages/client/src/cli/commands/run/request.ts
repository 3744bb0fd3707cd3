import { randomBytes } from 'node:crypto';
import type { parseArgs } from 'node:util';
import type { ImageCreateRequest, PoolCreateRequest } from '../../../types.ts';
import { UsageError } from '../../errors.ts';
import { omitUndefined, parseNumber, parsePairs, parseVariables } from '../../parse-flags.ts';
import type { flags } from './flags.ts';

/** Values of the flags of `run`. */
export type RunValues = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values'];

/**
 * Returns the request that creates the container, without its entrypoint and command.
 * @throws UsageError for a flag with a wrong value
 */
export function createRequest(values: RunValues, image: string): ImageCreateRequest {
  return {
    image,
    name: values.name ?? `run-${randomBytes(6).toString('hex')}`,
    ...omitUndefined({
      ttl: parseNumber(values.ttl, 'ttl'),
      node: values.node,
      node_selector: parsePairs(values.selector, 'selector'),
      environment: parseVariables(values.env, 'env'),
      volumes: values.volume,
      ports: values.publish,
      user: values.user,
      work_dir: values.workdir,
      labels: parsePairs(values.label, 'label'),
      network: values.network,
      memory: values.memory,
      cpus: parseNumber(values.cpus, 'cpus'),
      pull_policy: parsePullPolicy(values.pull),
      restart_policy: parseRestartPolicy(values.restart),
    }),
  };
}

/** Flags that can be used with --pool; the pool decides the others. */
const poolFlags: ReadonlySet<string> = new Set(['pool', 'rm', 'detach', 'interactive', 'name', 'ttl', 'timeout', 'label']);

/**
 * Returns the request that takes a container of a pool.
 * @throws UsageError for a flag with a wrong value, or one that the pool decides
 */
export function createPoolRequest(values: RunValues, pool: string): PoolCreateRequest {
  const refused = Object.keys(values).find(flag => !poolFlags.has(flag));
  if (refused !== undefined) throw new UsageError(`--${refused} cannot be used with --pool: the pool decides it.`);
  return {
    pool,
    ...omitUndefined({ name: values.name, ttl: parseNumber(values.ttl, 'ttl'), labels: parsePairs(values.label, 'label') }),
  };
}

/**
 * Returns the program of --entrypoint with its arguments; an empty list if the flag is empty or missing.
 * @throws UsageError for a JSON list with items that are not strings
 */
export function parseEntrypoint({ entrypoint }: Pick<RunValues, 'entrypoint'>): readonly string[] {
  if (entrypoint === undefined || entrypoint === '') return [];
  const argv = entrypoint.startsWith('[') ? parseJson(entrypoint) : [entrypoint];
  if (isStringList(argv) && argv[0]) return argv;
  throw new UsageError(`--entrypoint must be a program, or a JSON list of a program and its arguments, but is "${entrypoint}".`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

function parseRestartPolicy(text: string | undefined): string | undefined {
  if (text === undefined || /^(no|always|unless-stopped|on-failure(:\d{1,9})?)$/.test(text)) return text;
  throw new UsageError(`--restart must be no, always, unless-stopped, on-failure or on-failure:TIMES, but is "${text}".`);
}

function parsePullPolicy(text: string | undefined): ImageCreateRequest['pull_policy'] {
  if (text === undefined || text === 'missing' || text === 'always' || text === 'never') return text;
  throw new UsageError(`--pull must be missing, always or never, but is "${text}".`);
}
