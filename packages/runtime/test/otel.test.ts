import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTracing } from '../src/tracing/otel/tracing.ts';

afterEach(() => vi.unstubAllEnvs());

/** Creates one span with the settings of the environment and stops. Returns the sent requests and the log lines. */
async function sent(env: Readonly<Record<string, string>>, status = 200) {
  const requests: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ headers: request.headers, body: await buffer(request) });
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const lines: string[] = [];
  const tracing = await createTracing('podman-api', 'http/protobuf', pino({ level: 'debug' }, { write: line => void lines.push(line) }));
  const span = tracing.startSpan('a span', { kind: 'server', attributes: { left_out: undefined } });
  expect(span.run(() => tracing.hasActiveSpan)).toBe(true);
  expect(tracing.hasActiveSpan).toBe(false);
  span.end();
  await tracing.stop();
  server.close();
  return { requests, lines };
}

describe('createTracing', () => {
  it('sends remaining spans on stop, in protobuf, with the service name of the environment', async () => {
    const { requests, lines } = await sent({ OTEL_SERVICE_NAME: 'my-lab', OTEL_RESOURCE_ATTRIBUTES: 'rack=seven' });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers['content-type']).toBe('application/x-protobuf');
    for (const text of ['a span', 'my-lab', 'rack', 'seven']) expect(requests[0]?.body.includes(text)).toBe(true);
    expect(requests[0]?.body.includes('left_out')).toBe(false);
    expect(lines).toEqual([]);
  });

  it('uses the sampler of the environment, and logs a warning about an unknown one', async () => {
    expect((await sent({ OTEL_TRACES_SAMPLER: 'always_off' })).requests).toEqual([]);
    expect((await sent({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' })).requests).toEqual([]);
    const odd = await sent({ OTEL_TRACES_SAMPLER: 'constructor' });
    expect(odd.requests).toHaveLength(1);
    expect(odd.lines).toEqual([expect.stringContaining('OTEL_TRACES_SAMPLER must be one of always_on, ')]);
  });

  it('logs one line when the collector refuses', async () => {
    const { lines } = await sent({}, 400);
    expect(lines).toEqual([expect.stringMatching(/"level":40.*traces cannot be sent and are dropped: Bad Request/)]);
  });
});
