import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string; readonly boolValue?: boolean };
}

/** A span as OTLP writes it in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). */
interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number; readonly message?: string };
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

/** A span that has arrived. */
export interface SeenSpan extends Omit<SentSpan, 'attributes' | 'kind'> {
  readonly service: unknown;
  readonly kind: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** In ms since 1970. */
  readonly start: number;
  readonly end: number;
}

/** An OTLP receiver. */
export interface Collector {
  readonly url: string;
  /** The spans of a trace, or all. */
  spans(traceId?: string): readonly SeenSpan[];
  /** All request bodies. */
  bodies(): string;
  /** The headers of the last request. */
  headers(): NodeJS.Dict<string | string[]>;
  /** Idempotent. */
  stop(): Promise<void>;
}

const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

export async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const spans: SeenSpan[] = [];
  let headers: NodeJS.Dict<string | string[]> = {};
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.url === '/v1/traces') {
      headers = request.headers;
      bodies.push(body);
      spans.push(...read(JSON.parse(body)));
    }
    response.setHeader('Content-Type', 'application/json').end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    spans: traceId => spans.filter(span => traceId === undefined || span.traceId === traceId),
    bodies: () => bodies.join('\n'),
    headers: () => headers,
    async stop() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Starts a server that accepts connections until the test has finished and never answers. */
export async function startSilentServer(): Promise<{ readonly url: string; requestCount(): number }> {
  let count = 0;
  const server = createServer(() => {
    count += 1;
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, requestCount: () => count };
}

function read({ resourceSpans }: Sent): readonly SeenSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(scope =>
      scope.spans.map(span => ({
        ...span,
        service: valuesOf(resource.attributes)['service.name'],
        kind: kinds[span.kind],
        attributes: valuesOf(span.attributes),
        start: Number(BigInt(span.startTimeUnixNano) / 1000n) / 1000,
        end: Number(BigInt(span.endTimeUnixNano) / 1000n) / 1000,
      })),
    ),
  );
}

function valuesOf(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? Number(value.intValue)]));
}
