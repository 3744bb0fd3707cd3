import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { getNumberFromEnv, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Log } from '../../log.ts';
import type { Span, TraceContext, Tracing } from '../tracing.ts';
import type { Protocol } from '../tracing-settings.ts';
import { type AnchoredClock, createAnchoredClock } from './clock.ts';
import { createExporter } from './exporter.ts';
import { createSampler } from './sampler.ts';

/** Time limit for sending the remaining spans when the process stops. */
const flushTimeoutMs = 2000;

const spanKinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER } as const;

/** Creates tracing with OpenTelemetry's SDK, without global registrations. */
export async function createTracing(service: string, protocol: Protocol, log: Log): Promise<Tracing> {
  const processor = new BatchSpanProcessor({ exporter: await createExporter(protocol, log), ...readBatchOptions() });
  const sampler = createSampler(log);
  const provider = new TracerProvider({ resource: createResource(service), spanProcessors: [processor], ...(sampler && { sampler }) });
  const tracer = provider.getTracer('podman-api');
  const contexts = new AsyncLocalStorageContextManager().enable();
  const propagator = new W3CTraceContextPropagator();

  const toTraceContext = (context: Context): TraceContext | undefined => {
    const carrier: Record<string, string> = {};
    propagator.inject(context, carrier, defaultTextMapSetter);
    const { traceparent, tracestate } = carrier;
    return traceparent === undefined ? undefined : { traceparent, ...(tracestate !== undefined && { tracestate }) };
  };
  const clocks = new WeakMap<Context, AnchoredClock>();
  const wrap = (span: OtelSpan, clock: AnchoredClock): Span => {
    const context = trace.setSpan(ROOT_CONTEXT, span);
    clocks.set(context, clock);
    return {
      get context() {
        return toTraceContext(context);
      },
      run: callback => contexts.with(context, callback),
      rename: name => void span.updateName(name),
      setAttributes: attributes => void span.setAttributes(attributes),
      setError: errorType => void span.setAttribute('error.type', errorType).setStatus({ code: SpanStatusCode.ERROR }),
      end() {
        if (span.isRecording()) span.end(clock.now());
      },
    };
  };
  return {
    isEnabled: true,
    get hasActiveSpan() {
      return trace.getSpan(contexts.active()) !== undefined;
    },
    startSpan(name, { kind, parent, attributes, startedAtMs }) {
      const context = parent ? propagator.extract(ROOT_CONTEXT, parent, defaultTextMapGetter) : contexts.active();
      const clock = clocks.get(context) ?? createAnchoredClock(startedAtMs);
      const options = { kind: spanKinds[kind], attributes: { ...attributes }, startTime: startedAtMs ?? clock.now() };
      return wrap(tracer.startSpan(name, options, context), clock);
    },
    async stop() {
      const flushed = provider.shutdown().then(
        () => true,
        () => true,
      );
      if (!(await Promise.race([flushed, delay(flushTimeoutMs, false)])))
        log.warn('the last traces were not sent: the collector does not answer');
    },
  };
}

/** Creates the resource of the spans. `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` take precedence over the defaults here. */
function createResource(service: string) {
  const defaults = resourceFromAttributes({ 'service.name': service, 'host.name': hostname(), 'process.pid': process.pid });
  const fromEnvironment = detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] });
  return defaultResource().merge(defaults).merge(fromEnvironment);
}

/** Reads the batch options from `OTEL_BSP_*`, which the SDK does not read itself. */
function readBatchOptions(): Record<string, number> {
  const variables = {
    scheduledDelayMillis: 'OTEL_BSP_SCHEDULE_DELAY',
    exportTimeoutMillis: 'OTEL_BSP_EXPORT_TIMEOUT',
    maxQueueSize: 'OTEL_BSP_MAX_QUEUE_SIZE',
    maxExportBatchSize: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([option, variable]) => {
      const value = getNumberFromEnv(variable);
      return value === undefined ? [] : [[option, value]];
    }),
  );
}
