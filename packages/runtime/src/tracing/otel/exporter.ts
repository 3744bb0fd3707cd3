import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../../log.ts';
import type { Protocol } from '../wanted.ts';

/** What sends spans; it reads `OTEL_EXPORTER_OTLP_*` itself. */
async function exporterOf(protocol: Protocol): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

/** The same, which says in one line when the collector is away, and in one when it is back. */
export async function createExporter(protocol: Protocol, log: Log): Promise<SpanExporter> {
  const exporter = await exporterOf(protocol);
  let failing = false;
  return {
    export(spans, done) {
      exporter.export(spans, result => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed && !failing) log.warn(`traces can not be sent and are dropped: ${result.error?.message ?? 'no reason given'}`);
        if (!failed && failing) log.info('traces are sent again');
        failing = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}
