import Joi from 'joi';
import { jobLabel } from '../mark.ts';

/**
 * A container's label: after how many seconds it is removed by force, and the job that says so. An image made of such a
 * container (podman-commit(1)) hands its labels on, and what is made of that is another job's.
 */
const ttlLabel = 'podman-api.ttl';

/** The longest life that can be asked for, in seconds: ten years. */
const longest = 315_360_000;

/** How long a container is to live, in seconds. */
export const ttl = () => Joi.number().integer().min(1).max(longest);

/** What tells the node's workers how long a new container is to live, whatever becomes of Redis. */
export function ttlArguments(input: { readonly ttl?: number }, job: string): string[] {
  return input.ttl === undefined ? [] : [`--label=${ttlLabel}=${input.ttl} ${job}`];
}

/**
 * Until when a container is to live, by its label, in ms since 1970: its image was there when it was made, so that no
 * pull is counted in. Nothing where it may live for ever.
 * @param created in ms since 1970
 */
export function labelledExpiry(created: number, labels: Readonly<Record<string, string>> | null): number | undefined {
  const [told, job] = labels?.[ttlLabel]?.split(' ') ?? [];
  const seconds = job !== undefined && job === labels?.[jobLabel] ? Number(told) : Number.NaN;
  return Number.isInteger(seconds) && seconds > 0 ? created + seconds * 1000 : undefined;
}
