import Joi from 'joi';
import { jobLabel } from '../mark.ts';

/** A container's label: its ttl in seconds, and the job that set it. */
export const ttlLabel = 'podman-api.ttl';

/** Ten years. */
const maxTtlSeconds = 315_360_000;

/** How long a container is to live, in seconds. */
export const ttl = () => Joi.number().integer().min(1).max(maxTtlSeconds);

/** What tells the node's workers how long a new container is to live, whatever becomes of Redis. */
export function ttlArguments(input: { readonly ttl?: number }, job: string): string[] {
  return input.ttl === undefined ? [] : [`--label=${ttlLabel}=${input.ttl} ${job}`];
}

/**
 * Returns when a container is removed according to its label, in ms since 1970; `undefined` if it has none of its own.
 * @param created in ms since 1970; its image was there then, so no pull is counted in
 * @param imageTtl the label of its image, see `readImageTtls`; `undefined` if that is not known
 */
export function labelledExpiry(
  created: number,
  labels: Readonly<Record<string, string>> | null,
  imageTtl: string | undefined,
): number | undefined {
  const label = labels?.[ttlLabel];
  if (label === undefined || imageTtl === undefined || label === imageTtl) return undefined;
  const [text, job] = label.split(' ');
  const seconds = job !== undefined && job === labels?.[jobLabel] ? Number(text) : Number.NaN;
  return Number.isInteger(seconds) && seconds > 0 ? created + seconds * 1000 : undefined;
}
