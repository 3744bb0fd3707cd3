import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createCallbackHosts } from '../src/callbacks/hosts.ts';
import { RefusedAddressError, type SendParts, sendCallback, signCallback } from '../src/callbacks/send.ts';
import { checkCallbackUrl } from '../src/request/callback-url.ts';

const secret = 'a secret of these tests, long enough';
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Starts a receiver on a loopback address. @returns its port */
async function startReceiver(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return address.port;
}

/** Finds these addresses for every name. */
const resolvingTo =
  (...addresses: readonly string[]): SendParts['lookup'] =>
  (_name, _options, callback) =>
    callback(
      null,
      addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

function send(url: string, hosts: readonly string[], lookup?: SendParts['lookup']): Promise<number> {
  const parts = { hosts: createCallbackHosts(hosts), secrets: [secret] as const, lookup };
  return sendCallback(parts, { url, delivery: 'a_1', body: '{"job":1}' });
}

describe('createCallbackHosts', () => {
  const isListed = (host: string, ...entries: readonly string[]) => createCallbackHosts(entries).isListed(new URL(`https://${host}/x`));

  it('lists hosts, the names below a domain, ports and addresses in any notation', () => {
    expect(isListed('ci.example.com', 'ci.example.com')).toBe(true);
    expect(isListed('CI.example.com.', 'ci.example.com')).toBe(true);
    expect(isListed('ci.example.com', '*.example.com')).toBe(true);
    expect(isListed('example.com', '*.example.com')).toBe(false);
    expect(isListed('badexample.com', '*.example.com')).toBe(false);
    expect(isListed('example.com', '*')).toBe(true);
    expect(isListed('example.com:8443', 'example.com:8443')).toBe(true);
    expect(isListed('example.com', 'example.com:8443')).toBe(false);
    expect(isListed('example.com', 'example.com:443')).toBe(true);
    expect(isListed('0x7f.1', '127.0.0.1')).toBe(true);
    expect(isListed('[0:0::1]', '[::1]')).toBe(true);
    expect(isListed('example.com')).toBe(false);
  });

  const isAllowed = (host: string, address: string, ...entries: readonly string[]) =>
    createCallbackHosts(entries).isAllowed(new URL(`http://${host}/x`), address);

  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '169.254.169.254',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::127.0.0.1',
    '224.0.0.1',
  ])('allows %s only if it is listed itself', address => {
    const host = address.includes(':') ? `[${address}]` : address;
    expect(isAllowed('ci.example.com', address, '*')).toBe(false);
    expect(isAllowed('ci.example.com', address, 'ci.example.com')).toBe(false);
    expect(isAllowed(host, address, '*')).toBe(false);
    expect(isAllowed(host, address, host)).toBe(true);
  });

  it.each(['10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd12::1', '::ffff:10.0.0.1', '64:ff9b::7f00:1'])(
    'allows the private address %s only for a host that is listed without a wildcard',
    address => {
      expect(isAllowed('ci.example.com', address, '*')).toBe(false);
      expect(isAllowed('ci.example.com', address, '*.example.com')).toBe(false);
      expect(isAllowed('ci.example.com', address, 'ci.example.com')).toBe(true);
    },
  );

  it('allows public addresses of hosts that are listed', () => {
    expect(isAllowed('ci.example.com', '93.184.215.14', '*')).toBe(true);
    expect(isAllowed('ci.example.com', '2606:2800:21f::1', '*.example.com')).toBe(true);
    expect(isAllowed('ci.example.com', '93.184.215.14', 'example.com')).toBe(false);
  });
});

describe('sendCallback', () => {
  it('posts the body with its signature', async () => {
    let headers: Record<string, unknown> = {};
    let body = '';
    const port = await startReceiver(async (request, response) => {
      headers = { ...request.headers, method: request.method, path: request.url };
      for await (const chunk of request) body += String(chunk);
      response.writeHead(204).end();
    });
    expect(await send(`http://127.0.0.1:${port}/hook?x=1`, ['127.0.0.1'])).toBe(204);
    expect(body).toBe('{"job":1}');
    expect(headers).toMatchObject({ method: 'POST', path: '/hook?x=1', 'x-podman-api-delivery': 'a_1', 'user-agent': 'podman-api' });
    const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-podman-api-signature'])) ?? [];
    expect(signature).toBe(createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
  });

  it('does not follow a redirect', async () => {
    let requests = 0;
    const port = await startReceiver((_request, response) => {
      requests += 1;
      response.writeHead(307, { Location: `http://127.0.0.1:${port}/again` }).end();
    });
    expect(await send(`http://127.0.0.1:${port}/`, ['127.0.0.1'])).toBe(307);
    expect(requests).toBe(1);
  });

  it.each([
    'http://127.0.0.1',
    'http://[::1]',
    'http://169.254.169.254',
    'http://0x7f.1',
    'http://2130706433',
    'http://[::ffff:127.0.0.1]',
  ])('connects to %s only if it is listed', async url => {
    let requests = 0;
    const port = await startReceiver((_request, response) => {
      requests += 1;
      response.end();
    });
    await expect(send(`${url}:${port}/`, ['*'])).rejects.toThrow(RefusedAddressError);
    expect(requests).toBe(0);
  });

  it('refuses a name that leads to a forbidden address, even if it has an allowed one too', async () => {
    const port = await startReceiver((_request, response) => response.end());
    const url = `http://ci.example.com:${port}/`;
    for (const addresses of [['127.0.0.1'], ['::1'], ['169.254.169.254'], ['93.184.215.14', '127.0.0.1']])
      await expect(send(url, ['*', 'ci.example.com'], resolvingTo(...addresses))).rejects.toThrow(RefusedAddressError);
    await expect(send(url, ['*'], resolvingTo('10.0.0.1'))).rejects.toThrow(RefusedAddressError);
  });

  it('connects to the address that it has checked: a name that leads elsewhere the next time is refused then', async () => {
    const port = await startReceiver((_request, response) => response.end());
    const url = `http://localhost:${port}/`;
    expect(await send(url, ['localhost'], resolvingTo('127.0.0.1'))).toBe(200);
    await expect(send(url, ['localhost'], resolvingTo('169.254.169.254'))).rejects.toThrow(RefusedAddressError);
  });
});

describe('signCallback', () => {
  it('signs with each secret', () => {
    const mac = (key: string) => createHmac('sha256', key).update('1700000000.{}').digest('hex');
    expect(signCallback(['one', 'two'], '{}', 1_700_000_000_999)).toBe(`t=1700000000,v1=${mac('one')},v1=${mac('two')}`);
  });
});

describe('checkCallbackUrl', () => {
  const hosts = createCallbackHosts(['ci.example.com']);
  const prefer = { respondAsync: true };

  it('returns a URL whose host is listed', () => {
    expect(checkCallbackUrl('https://ci.example.com/hook?t=1', prefer, hosts)).toBe('https://ci.example.com/hook?t=1');
    expect(checkCallbackUrl(undefined, prefer, hosts)).toBeUndefined();
  });

  it.each([
    7,
    '',
    'x',
    'ftp://ci.example.com',
    'https://u:p@ci.example.com',
    'https://ci.example.com/#x',
    `https://ci.example.com/${'x'.repeat(2048)}`,
  ])('returns 400 for %j', url => {
    expect(() => checkCallbackUrl(url, prefer, hosts)).toThrow(
      expect.objectContaining({ status: 400, fields: { details: [expect.objectContaining({ path: 'callback_url' })] } }),
    );
  });

  it('returns 400 for a request that waits, and 403 for a host that is not listed', () => {
    expect(() => checkCallbackUrl('https://ci.example.com', { respondAsync: false }, hosts)).toThrow(
      expect.objectContaining({ status: 400 }),
    );
    expect(() => checkCallbackUrl('http://169.254.169.254/', prefer, hosts)).toThrow(
      expect.objectContaining({ status: 403, message: 'callback_url: the host 169.254.169.254 is not in CALLBACK_HOSTS.' }),
    );
  });
});
