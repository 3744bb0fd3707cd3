import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core';
import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, type Sampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import type { Log } from '../../log.ts';

/** By the names that OpenTelemetry gives them; the SDK itself leaves its variables to who makes it. */
const samplers: Readonly<Record<string, (share: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: share => new TraceIdRatioBasedSampler(share),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: share => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
};
const usual = 'parentbased_always_on';

/** The sampler of `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`. */
export function samplerOf(log: Log): Sampler | undefined {
  const name = getStringFromEnv('OTEL_TRACES_SAMPLER') ?? usual;
  const make = Object.hasOwn(samplers, name) ? samplers[name] : undefined;
  if (!make) log.warn(`OTEL_TRACES_SAMPLER must be one of ${Object.keys(samplers).join(', ')}; ${usual} is used`);
  return make?.(getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG') ?? 1);
}
