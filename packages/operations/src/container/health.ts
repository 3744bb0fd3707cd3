import Joi, { type StringSchema } from 'joi';
import { isRunningOrPaused } from './status.ts';

const states = ['none', 'starting', 'healthy', 'unhealthy'] as const;

/** Health of a container: `none` if it has no health check or does not run. */
export type ContainerHealth = (typeof states)[number];

/**
 * Returns the health of a container.
 * @param status what podman prints as its state
 * @param printed what podman prints as its health; for a stopped container this depends on podman's version
 */
export function healthOf(status: string, printed: string | undefined): ContainerHealth {
  return (isRunningOrPaused(status) && states.find(state => state === printed)) || 'none';
}

/** Returns the schema of `ContainerHealth`. */
export function health(): StringSchema {
  return Joi.string()
    .valid(...states)
    .description('Result of the health check; `none` if there is no health check, or the container does not run.');
}
