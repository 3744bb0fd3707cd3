import type { DockerCreateInput } from '@podman-api/operations';
import type { BodyReader } from '../body-reader.ts';
import { notImplemented } from '../route.ts';

const nanosecondsPerSecond = 1e9;

/** Reads `Healthcheck`, whose times are in nanoseconds; podman's health checks have whole seconds here. */
export function readHealthcheck(check: BodyReader): DockerCreateInput['healthcheck'] {
  const test = check.strings('Test');
  const seconds = (name: string) => {
    const value = check.number(name);
    return value === undefined ? undefined : Math.max(1, Math.round(value / nanosecondsPerSecond));
  };
  const times = {
    interval: seconds('Interval'),
    timeout: seconds('Timeout'),
    start_period: seconds('StartPeriod'),
    retries: check.number('Retries'),
  };
  const given = Object.entries(times).filter(([, value]) => value !== undefined);
  if (test === undefined || test.length === 0) {
    if (given.length > 0)
      throw notImplemented('Healthcheck without Test', 'give Test too, because the health check of the image cannot be changed in part');
    return undefined;
  }
  if (test[0] === 'NONE') return { disable: true };
  return { test, ...Object.fromEntries(given) };
}
