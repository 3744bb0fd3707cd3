import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../../log.ts';
import type { Protocol } from '../tracing-settings.ts';

/** Loads the exporter for a protocol. It reads `OTEL_EXPORTER_OTLP_*` itself. */
async function loadExporter(protocol: Protocol): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

/** Creates an exporter that logs one line when the collector becomes unavailable, and one when it is available again. */
export async function createExporter(protocol: Protocol, log: Log): Promise<SpanExporter> {
  const exporter = await loadExporter(protocol);
  let isFailing = false;
  return {
    export(spans, done) {
      exporter.export(spans, result => {
        const hasFailed = result.code !== ExportResultCode.SUCCESS;
        if (hasFailed && !isFailing) log.warn(`traces cannot be sent and are dropped: ${result.error?.message ?? 'unknown error'}`);
        if (!hasFailed && isFailing) log.info('traces can be sent again');
        isFailing = hasFailed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}
