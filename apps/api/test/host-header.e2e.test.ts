import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { sharedService } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';

/** Sends a request as it is and returns the whole response. */
async function send(lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(sharedService().url);
  const socket = connect(Number(port), hostname);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}

describe('a request of HTTP/1.0', () => {
  it.each(['GET /api/v1/health', 'HEAD /api/v1/health', 'GET /api/v1/jobs', 'OPTIONS /'])(
    'is accepted without a Host, as load balancers send it: %s',
    async target => expect(await send([`${target} HTTP/1.0`])).toMatch(/^HTTP\/1\.1 (200|204) /),
  );

  it('is refused if its Host is another one, or a page of another origin sent it', async () => {
    expect(await send(['GET /api/v1/health HTTP/1.0', 'Host: evil.example'])).toMatch(/^HTTP\/1\.1 403 /);
    expect(await send(['GET /api/v1/health HTTP/1.0', 'Origin: http://evil.example'])).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe('a request of HTTP/1.1', () => {
  it.each([[['Connection: close']], [['Host:', 'Connection: close']]])('returns 400 without a Host: %j', async headers => {
    const response = await send(['GET /api/v1/health HTTP/1.1', ...headers]);
    expect(response).toMatch(/^HTTP\/1\.1 400 /);
    expect(response).toContain('no Host header');
  });

  it.each([
    [['Host: localhost', 'Host: localhost']],
    [['Host: localhost', 'host: evil.example']],
    [['HOST: evil.example', 'Host: localhost', 'Host:']],
  ])('returns 400 with several Host headers: %j', async hosts => {
    const response = await send(['GET /api/v1/health HTTP/1.1', ...hosts, 'Connection: close']);
    expect(response).toMatch(/^HTTP\/1\.1 400 /);
    expect(response).toContain('several Host headers');
  });
});
