import type { Log } from '../log.ts';
import { type Tracing, untraced } from './tracing.ts';
import { wantedTraces } from './wanted.ts';

/**
 * Traces by OpenTelemetry where its variables ask for them; otherwise nothing of it is loaded.
 * @param service the service's name, unless `OTEL_SERVICE_NAME` says another
 */
export async function startTracing(service: string, log: Log): Promise<Tracing> {
  const wanted = wantedTraces(process.env);
  if (wanted.protocol) {
    const { createTracing } = await import('./otel/tracing.ts');
    return createTracing(service, wanted.protocol, log);
  }
  if (wanted.warning !== undefined) log.warn(wanted.warning);
  return untraced;
}
