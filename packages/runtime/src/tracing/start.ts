import type { Log } from '../log.ts';
import { noopTracing, type Tracing } from './tracing.ts';
import { readTracingSettings } from './tracing-settings.ts';

/**
 * Starts OpenTelemetry if its variables enable it. Otherwise its packages are not loaded.
 * @param service name of the service; `OTEL_SERVICE_NAME` takes precedence
 */
export async function startTracing(service: string, log: Log): Promise<Tracing> {
  const settings = readTracingSettings(process.env);
  if (settings.protocol) {
    const { createTracing } = await import('./otel/tracing.ts');
    return createTracing(service, settings.protocol, log);
  }
  if (settings.warning !== undefined) log.warn(settings.warning);
  return noopTracing;
}
