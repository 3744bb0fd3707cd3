import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core';
import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, type Sampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import type { Log } from '../../log.ts';

/** Samplers by the values of `OTEL_TRACES_SAMPLER`, which the SDK does not read itself. */
const samplers: Readonly<Record<string, (ratio: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: ratio => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: ratio => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};
const defaultSampler = 'parentbased_always_on';

/** Creates the sampler of `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`; `undefined`, with a warning, for an unknown name. */
export function createSampler(log: Log): Sampler | undefined {
  const name = getStringFromEnv('OTEL_TRACES_SAMPLER') ?? defaultSampler;
  const create = Object.hasOwn(samplers, name) ? samplers[name] : undefined;
  if (!create) log.warn(`OTEL_TRACES_SAMPLER must be one of ${Object.keys(samplers).join(', ')}; ${defaultSampler} is used`);
  return create?.(getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG') ?? 1);
}
