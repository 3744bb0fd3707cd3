import { request } from 'node:http';
import { sharedCorsOrigins, sharedService } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';

const [friend] = sharedCorsOrigins;

/** Sends a request with headers that fetch does not send, such as Host. */
function send(headers: Record<string, string>, method = 'GET') {
  return new Promise<{ status: number | undefined; headers: object; text: string }>((resolve, reject) => {
    const outgoing = request(`${sharedService().url}/api/v1/jobs`, { method, headers }, async response => {
      response.setEncoding('utf8');
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, headers: response.headers, text });
    });
    outgoing.on('error', reject).end();
  });
}

describe('Origin and Sec-Fetch-Site', () => {
  /** Placeholder for the API's own host and port. */
  const own = '{own}';
  it.each([
    [200, {}],
    [200, { 'Sec-Fetch-Site': 'none' }],
    [200, { 'Sec-Fetch-Site': 'same-origin' }],
    [403, { 'Sec-Fetch-Site': 'same-site' }],
    [403, { 'Sec-Fetch-Site': 'cross-site' }],
    [403, { 'Sec-Fetch-Site': 'something-new' }],
    [200, { Origin: `http://${own}` }],
    [200, { Origin: `http://${own}`, 'Sec-Fetch-Site': 'same-origin' }],
    [200, { Origin: `https://${own}`, 'Sec-Fetch-Site': 'same-origin' }],
    [403, { Origin: `https://${own}` }],
    [403, { Origin: `https://${own}`, 'Sec-Fetch-Site': 'cross-site' }],
    [403, { Origin: 'http://evil.example' }],
    [403, { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'same-origin' }],
    [403, { Origin: 'http://127.0.0.1:1' }],
    [403, { Origin: 'null' }],
    [200, { Origin: friend }],
    [200, { Origin: friend, 'Sec-Fetch-Site': 'cross-site' }],
    [200, { Origin: 'http://localhost', 'Sec-Fetch-Site': 'same-site' }],
    [403, { Origin: 'https://friend.example.evil.example' }],
    [403, { Origin: `${friend}:8443` }],
    [403, { Origin: 'http://friend.example' }],
  ])('answers %i to %j', async (status, headers) => {
    const { host } = new URL(sharedService().url);
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(own, host)]));
    const response = await send(sent);
    expect(response.status).toBe(status);
    if (status === 403) expect(JSON.parse(response.text)).toMatchObject({ success: false, error: { type: 'ForbiddenError', code: 403 } });
  });
});

describe('Host', () => {
  it.each([
    [200, 'localhost'],
    [200, 'LocalHost:5000'],
    [200, 'api.localhost:5000'],
    [200, '127.0.0.1'],
    [200, '127.9.9.9:1'],
    [200, '[::1]:5000'],
    [403, 'evil.example'],
    [403, 'evil.example:5000'],
    [403, 'localhost.evil.example'],
    [403, 'notlocalhost'],
    [403, '127.0.0.1.evil.example'],
    [403, '127.0.0.1@evil.example'],
    [403, '10.0.0.1'],
    [403, '0.0.0.0:5000'],
    [403, '[::ffff:127.0.0.1]'],
  ])('answers %i to %s', async (status, Host) => {
    expect((await send({ Host })).status).toBe(status);
  });
});

describe('CORS', () => {
  const preflight = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' };

  it('answers the preflight of an origin in CORS_ORIGINS', async () => {
    expect(await send({ Origin: friend, ...preflight }, 'OPTIONS')).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': friend,
        'access-control-allow-methods': expect.stringContaining('DELETE'),
        'access-control-allow-headers':
          'Authorization,Content-Type,Idempotency-Key,Prefer,Last-Event-ID,X-Request-Id,traceparent,tracestate',
        vary: expect.stringContaining('Origin'),
      },
    });
  });

  it('lets pages of such an origin read responses, including errors', async () => {
    for (const method of ['GET', 'POST']) {
      const { headers } = await send({ Origin: friend }, method);
      expect(headers).toMatchObject({
        'access-control-allow-origin': friend,
        'access-control-expose-headers': expect.stringMatching(/Location,Retry-After,X-Request-Id,Preference-Applied,RateLimit/),
      });
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('sends no CORS headers to other origins', async () => {
    for (const method of ['OPTIONS', 'GET']) {
      const { status, headers } = await send({ Origin: 'http://evil.example', ...preflight }, method);
      expect(status).toBe(403);
      expect(Object.keys(headers).filter(name => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});
