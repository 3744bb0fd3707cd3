const protocols = ['http/protobuf', 'http/json'] as const;

/** Protocol of the exporter. */
export type Protocol = (typeof protocols)[number];

/** Protocol if tracing is enabled; otherwise a warning if a variable is wrong. */
export type TracingSettings = { readonly protocol: Protocol } | { readonly protocol?: never; readonly warning?: string };

/**
 * Reads OpenTelemetry's variables (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/):
 * tracing is enabled by an endpoint or the exporter `otlp`.
 */
export function readTracingSettings(env: NodeJS.ProcessEnv): TracingSettings {
  const read = (name: string) => env[name]?.trim() || undefined;
  const endpoint = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].find(name => read(name) !== undefined);
  const exporter = read('OTEL_TRACES_EXPORTER') ?? (endpoint === undefined ? 'none' : 'otlp');
  if (read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || exporter === 'none') return {};
  if (exporter !== 'otlp') return { warning: 'OTEL_TRACES_EXPORTER must be otlp or none; no traces are sent' };
  if (endpoint !== undefined && !URL.canParse(read(endpoint) ?? '')) return { warning: `${endpoint} must be a URL; no traces are sent` };
  const requested = read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? read('OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/protobuf';
  const protocol = protocols.find(name => name === requested);
  return protocol ? { protocol } : { warning: `OTEL_EXPORTER_OTLP_PROTOCOL must be ${protocols.join(' or ')}; no traces are sent` };
}
