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
import type { Protocol } from '../wanted.ts';
import { type AnchoredClock, createAnchoredClock } from './clock.ts';
import { createExporter } from './exporter.ts';
import { samplerOf } from './sampler.ts';

/** How long sending what is left may take when the process ends, in ms. */
const lastWords = 2000;

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER } as const;

/** Traces by OpenTelemetry's SDK. Nothing is set for the whole process: all spans are made here. */
export async function createTracing(service: string, protocol: Protocol, log: Log): Promise<Tracing> {
  const processor = new BatchSpanProcessor({ exporter: await createExporter(protocol, log), ...batches() });
  const sampler = samplerOf(log);
  const provider = new TracerProvider({ resource: resourceOf(service), spanProcessors: [processor], ...(sampler && { sampler }) });
  const tracer = provider.getTracer('podman-api');
  const contexts = new AsyncLocalStorageContextManager().enable();
  const propagator = new W3CTraceContextPropagator();

  const placeOf = (context: Context): TraceContext | undefined => {
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
        return placeOf(context);
      },
      within: run => contexts.with(context, run),
      rename: name => void span.updateName(name),
      set: attributes => void span.setAttributes(attributes),
      fail: error => void span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR }),
      end() {
        if (span.isRecording()) span.end(clock.now());
      },
    };
  };
  return {
    on: true,
    get inside() {
      return trace.getSpan(contexts.active()) !== undefined;
    },
    start(name, { kind, parent, attributes, startedAtMs }) {
      const context = parent ? propagator.extract(ROOT_CONTEXT, parent, defaultTextMapGetter) : contexts.active();
      const clock = clocks.get(context) ?? createAnchoredClock(startedAtMs);
      const options = { kind: kinds[kind], attributes: { ...attributes }, startTime: startedAtMs ?? clock.now() };
      return wrap(tracer.startSpan(name, options, context), clock);
    },
    async stop() {
      const sent = provider.shutdown().then(
        () => true,
        () => true,
      );
      if (!(await Promise.race([sent, delay(lastWords, false)]))) log.warn('the last traces were not sent: the collector does not answer');
    },
  };
}

/** What the spans are of: by `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`, and before that what is known here. */
function resourceOf(service: string) {
  const own = resourceFromAttributes({ 'service.name': service, 'host.name': hostname(), 'process.pid': process.pid });
  const told = detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] });
  return defaultResource().merge(own).merge(told);
}

/** How many spans are sent together and when; the SDK leaves these variables, too, to who makes it. */
function batches(): Record<string, number> {
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
