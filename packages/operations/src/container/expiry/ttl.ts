import Joi from 'joi';
import { jobLabel, maxServiceLabelLength, ttlLabel } from '../service-labels.ts';

/** Ten years. */
const maxTtlSeconds = 315_360_000;

/** Returns the schema of a container's time to live, in seconds. */
export const ttl = () => Joi.number().integer().min(1).max(maxTtlSeconds);

/** Returns the label with the ttl of a new container, which the node's workers read even if Redis loses its data. */
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
  const label = labels?.[ttlLabel] ?? '';
  // A label that may have been cut cannot be distinguished from that of the image.
  if (label.length >= maxServiceLabelLength || imageTtl === undefined || label === imageTtl) return undefined;
  const [text, job] = label.split(' ');
  const seconds = job !== undefined && job === labels?.[jobLabel] ? Number(text) : Number.NaN;
  return Number.isInteger(seconds) && seconds > 0 ? created + seconds * 1000 : undefined;
}
