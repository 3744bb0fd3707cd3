import { randomBytes } from 'node:crypto';
import type { parseArgs } from 'node:util';
import type { CreateRequest } from '../../../types.ts';
import { UsageError } from '../../failure.ts';
import { environmentOf, given, numberOf, pairsOf } from '../../values.ts';
import type { flags } from './flags.ts';

/** What was given to `run` beside the image and the command. */
export type RunValues = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values'];

/** What is asked of a create, as far as flags tell. */
export function requestOf(values: RunValues, image: string): CreateRequest {
  return {
    image,
    name: values.name ?? `run-${randomBytes(6).toString('hex')}`,
    ...given({
      ttl: numberOf(values.ttl, 'ttl'),
      node: values.node,
      node_selector: pairsOf(values.selector, 'selector'),
      environment: environmentOf(values.env),
      volumes: values.volume,
      ports: values.publish,
      user: values.user,
      work_dir: values.workdir,
      labels: pairsOf(values.label, 'label'),
      network: values.network,
      memory: values.memory,
      cpus: numberOf(values.cpus, 'cpus'),
      pull_policy: policyOf(values.pull),
      restart_policy: restartPolicyOf(values.restart),
    }),
  };
}

/**
 * Returns the program of --entrypoint with its arguments; none if it is empty or not given.
 * @throws UsageError for a JSON list of something else than texts
 */
export function entrypointOf({ entrypoint }: Pick<RunValues, 'entrypoint'>): readonly string[] {
  if (entrypoint === undefined || entrypoint === '') return [];
  const words = entrypoint.startsWith('[') ? parseJson(entrypoint) : [entrypoint];
  if (isListOfTexts(words) && words[0]) return words;
  throw new UsageError(`--entrypoint must be a program, or a JSON list of it and its arguments, and is "${entrypoint}".`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string');
}

function restartPolicyOf(text: string | undefined): string | undefined {
  if (text === undefined || /^(no|always|unless-stopped|on-failure(:\d{1,9})?)$/.test(text)) return text;
  throw new UsageError(`--restart must be no, always, unless-stopped, on-failure or on-failure:TIMES, and is "${text}".`);
}

function policyOf(text: string | undefined): CreateRequest['pull_policy'] {
  if (text === undefined || text === 'missing' || text === 'always' || text === 'never') return text;
  throw new UsageError(`--pull must be missing, always or never, and is "${text}".`);
}
