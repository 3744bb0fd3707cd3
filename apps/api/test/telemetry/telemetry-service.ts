import { fileURLToPath } from 'node:url';
import { type Service, sharedContainer, startApi, startService, type TestApi } from '@podman-api/testing';
import { afterAll, beforeAll } from 'vitest';
import { type Collector, startCollector } from './collector.ts';

/** A service that logs and traces all it can, and a process that does not. */
export interface TelemetryService {
  /** Has `DEBUG`, and sends traces to the collector. */
  readonly service: Service;
  readonly collector: Collector;
  /** Another API process of the same service, with `quietVariables`. */
  readonly quiet: TestApi;
  /** For the traces: the first commands in it run without a session. */
  readonly container: string;
}

/** Variables of a process without `DEBUG` and traces, which prints at its exit what it has loaded of OpenTelemetry. */
export const quietVariables = {
  DEBUG: 'false',
  OTEL_EXPORTER_OTLP_ENDPOINT: '',
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('./report-modules.ts', import.meta.url))}`,
};

/** Starts the processes before the tests of a file, and ends them after them. Call it at the top of the file. */
export function useTelemetryService(): TelemetryService {
  let service: Service;
  let collector: Collector;
  let quiet: TestApi;
  beforeAll(async () => {
    collector = await startCollector();
    service = await startService({
      DEBUG: 'true',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=hello',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    });
    quiet = await startApi({ ...service.env, ...quietVariables });
  });
  afterAll(async () => {
    await quiet.api.end();
    await service.stop();
    await collector.stop();
  });
  return {
    get service() {
      return service;
    },
    get collector() {
      return collector;
    },
    get quiet() {
      return quiet;
    },
    get container() {
      return sharedContainer('busybox');
    },
  };
}

/** Returns the headers of a request in a trace that its caller samples. */
export function parentOf(traceId: string): Readonly<Record<string, string>> {
  return { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, tracestate: 'vendor=kept' };
}
