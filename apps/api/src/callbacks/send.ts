import { createHmac } from 'node:crypto';
import { type LookupAddress, type LookupAllOptions, lookup as lookupName } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { SecretKeys } from '@podman-api/runtime';
import { type CallbackHosts, hostOf } from './hosts.ts';

/** Time limit for one attempt, from the DNS lookup to the status of the response. */
const attemptTimeoutMs = 10_000;

/** Finds all addresses of a name, as `dns.lookup` does. */
type Lookup = (
  name: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Dependencies for sending callbacks. */
export interface SendParts {
  readonly hosts: CallbackHosts;
  readonly secrets: SecretKeys;
  /** Finds the addresses of a name. Default: Node.js's `dns.lookup`. */
  readonly lookup?: Lookup | undefined;
}

/** A callback to be sent. */
export interface CallbackMessage {
  readonly url: string;
  /** Identifies the delivery; the same in each attempt. */
  readonly delivery: string;
  /** JSON. */
  readonly body: string;
}

/** The URL leads to an address to which no callback may be sent. */
export class RefusedAddressError extends Error {}

/**
 * Sends a callback. Redirects are not followed. Each address is checked right before the connection, so a name that resolves
 * to a forbidden address is refused, even if it resolved to another one before.
 * @returns the status of the response
 * @throws RefusedAddressError if an address is forbidden; Error if there was no response in time
 */
export async function sendCallback(parts: SendParts, { url: text, delivery, body }: CallbackMessage): Promise<number> {
  const url = new URL(text);
  const host = hostOf(url);
  // `lookup` is called for names only.
  if (isIP(host) !== 0 && !parts.hosts.isAllowed(url, host)) throw new RefusedAddressError();
  if (!parts.hosts.isListed(url)) throw new RefusedAddressError();
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'User-Agent': 'podman-api',
    'X-Podman-Api-Delivery': delivery,
    'X-Podman-Api-Signature': signCallback(parts.secrets, body),
  };
  const signal = AbortSignal.timeout(attemptTimeoutMs);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  // Without an agent, connections are not reused: an old one could lead to an address that the name no longer has.
  const options = { method: 'POST', headers, agent: false, lookup: createLookup(parts, url), signal } as const;
  const request = send(url, options, response => {
    // The body is not read, however long it is.
    response.on('error', () => {});
    response.destroy();
    resolve(response.statusCode ?? 0);
  });
  request.on('error', reject);
  request.end(body);
  return promise;
}

/** Returns a lookup that fails if a name has a forbidden address, even if it has others too. */
function createLookup({ hosts, lookup = lookupName }: SendParts, url: URL): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const [first] = addresses;
      if (!first || addresses.some(({ address }) => !hosts.isAllowed(url, address))) return callback(new RefusedAddressError(), '');
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Signs the body of a callback: `t=<seconds since 1970>,v1=<HMAC-SHA256 of "<t>.<body>" in hex>`, with a `v1` for each secret, so
 * that a receiver can change its secret without a gap.
 */
export function signCallback(secrets: SecretKeys, body: string, nowMs = Date.now()): string {
  const time = Math.floor(nowMs / 1000);
  const signatures = secrets.map(secret => createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
  return [`t=${time}`, ...signatures.map(signature => `v1=${signature}`)].join(',');
}
