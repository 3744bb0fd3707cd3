import { isIP } from 'node:net';
import Joi, { type AlternativesSchema, type ArraySchema } from 'joi';
import { boundedList, boundedMap, boundedText } from '../../schemas/bounds.ts';
import { quote, readableBy, UnreadableValue } from '../../schemas/readable-by.ts';

/** Names with addresses for `/etc/hosts`: `["db:10.0.0.5"]`, or an object with the address by name. */
export type ExtraHosts = readonly string[] | Readonly<Record<string, string>>;

const maxHosts = 1000;
/** Longest host name (RFC 1035, 2.3.4). */
const maxNameLength = 253;
/** Longest address: IPv6 with an IPv4 part in brackets. */
const maxAddressLength = 47;
/** Servers that the C library reads from resolv.conf(5): further ones would be ignored. */
const maxDnsServers = 3;

/** Returns the schema of extra hosts: `["db:10.0.0.5", "gateway:host-gateway"]` or `{"db": "10.0.0.5"}`. */
export function extraHosts(): AlternativesSchema {
  const words = '{{#label}} must be a list such as ["db:10.0.0.5"], or an object such as \\{"db": "10.0.0.5"\\}';
  return Joi.alternatives(
    boundedList(maxHosts, boundedText(maxNameLength + 1 + maxAddressLength)),
    boundedMap(maxHosts, boundedText(maxNameLength), boundedText(maxAddressLength)),
  )
    .prefs({ abortEarly: true })
    .custom(readableBy(extraHostArguments))
    .messages({ 'alternatives.types': words })
    .description(
      'Lines for `/etc/hosts`: `["db:10.0.0.5"]` or `{"db": "10.0.0.5"}`; `host-gateway` is the address of the host (podman 4.7 and later).',
    );
}

/** Returns the schema of the addresses of DNS servers. */
export function dns(): ArraySchema {
  const words = '{{#label}} must be an IP address, such as 9.9.9.9';
  const address = boundedText(maxAddressLength).custom((given: string, helpers) =>
    isIP(given) === 0 || given.includes('%') ? helpers.message({ custom: words }) : given,
  );
  return boundedList(maxDnsServers, address)
    .min(1)
    .messages({ 'array.base': '{{#label}} must be a list of IP addresses, such as ["9.9.9.9"]' })
    .description('Addresses of DNS servers, at most three.');
}

/**
 * Returns podman's `--add-host` for each host.
 * @throws UnreadableValue that quotes the one which cannot be read
 */
export function extraHostArguments(given: ExtraHosts): string[] {
  const pairs = isList(given) ? given.map(split) : Object.entries(given);
  return pairs.map(([host, address]) => {
    const plain = address.replace(/^\[(.*)\]$/, '$1');
    if (!/^[a-zA-Z0-9_]([a-zA-Z0-9_.-]*[a-zA-Z0-9_])?$/.test(host)) {
      throw new UnreadableValue(`${quote(`${host}:${address}`)}: the name must be made of letters, digits, "_", "." and "-"`);
    }
    if (plain !== 'host-gateway' && (isIP(plain) === 0 || plain.includes('%'))) {
      throw new UnreadableValue(`${quote(`${host}:${address}`)}: the address must be an IP address or host-gateway`);
    }
    return `--add-host=${host}:${plain}`;
  });
}

function isList(value: ExtraHosts): value is readonly string[] {
  return Array.isArray(value);
}

/** Splits `host:address` or, as in Compose, `host=address`. */
function split(text: string): readonly [string, string] {
  const at = text.search(/[:=]/);
  if (at < 0) throw new UnreadableValue(`${quote(text)} is not host:address, for example "db:10.0.0.5"`);
  return [text.slice(0, at), text.slice(at + 1)];
}
