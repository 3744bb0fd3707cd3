import Joi from 'joi';
import { jobLabel } from '../job-processes.ts';

/** Label of a container whose value is its ttl in seconds, and the id of the job that set it. */
export const ttlLabel = 'podman-api.ttl';

/** Ten years. */
const maxTtlSeconds = 315_360_000;

/** Returns the schema of a container's time to live, in seconds. */
export const ttl = () => Joi.number().integer().min(1).max(maxTtlSeconds);

/** Returns the label that tells the node's workers the ttl of a new container, even if Redis loses its data. */
export function ttlArguments(input: { readonly ttl?: number }, job: string): string[] {
  return input.ttl === undefined ? [] : [`--label=${ttlLabel}=${input.ttl} ${job}`];
}

/**
 * Returns when a container is removed according to its label, in ms since 1970; `undefined` if it has none of its own.
 * @param created in ms since 1970; the pull of its image, if any, was before
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
