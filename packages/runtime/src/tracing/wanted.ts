const protocols = ['http/protobuf', 'http/json'] as const;

/** How traces are sent. */
export type Protocol = (typeof protocols)[number];

/** Whether traces are wanted, and if not, why not where that may surprise. */
export type Wanted = { readonly protocol: Protocol } | { readonly protocol?: never; readonly warning?: string };

/**
 * Reads OpenTelemetry's own variables (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/):
 * traces are wanted where an endpoint is named, or the exporter `otlp`.
 */
export function wantedTraces(env: NodeJS.ProcessEnv): Wanted {
  const read = (name: string) => env[name]?.trim() || undefined;
  const endpoint = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].find(name => read(name) !== undefined);
  const exporter = read('OTEL_TRACES_EXPORTER') ?? (endpoint === undefined ? 'none' : 'otlp');
  if (read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || exporter === 'none') return {};
  if (exporter !== 'otlp') return { warning: 'OTEL_TRACES_EXPORTER must be otlp or none; there are no traces' };
  if (endpoint !== undefined && !URL.canParse(read(endpoint) ?? '')) return { warning: `${endpoint} is no URL; there are no traces` };
  const wished = read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? read('OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/protobuf';
  const protocol = protocols.find(known => known === wished);
  return protocol ? { protocol } : { warning: `OTEL_EXPORTER_OTLP_PROTOCOL must be ${protocols.join(' or ')}; there are no traces` };
}
