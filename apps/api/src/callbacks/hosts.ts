import { BlockList, isIP, isIPv6 } from 'node:net';

/** Networks as address and prefix length. */
type Networks = readonly (readonly [string, number])[];

/**
 * Addresses of this host and its links, and addresses that belong to no host: loopback, link-local (where clouds have their
 * metadata service), multicast, unspecified and reserved addresses, from IANA's registries of special-purpose addresses (RFC
 * 6890), and the metadata services of two clouds that are elsewhere.
 */
const localNetworks: Networks = [
  ['0.0.0.0', 8],
  ['100.100.100.200', 32],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96],
  ['fd00:ec2::254', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

/** Private and shared networks, and networks whose addresses contain other addresses (NAT64, Teredo, 6to4). */
const privateNetworks: Networks = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
];

const listOf = (networks: Networks) => {
  const list = new BlockList();
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, familyOf(address));
  return list;
};
const localAddresses = listOf(localNetworks);
const privateAddresses = listOf(privateNetworks);

/** `BlockList` compares an IPv4 address in IPv6 notation (`::ffff:127.0.0.1`) as the IPv4 address. */
function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

/** The hosts to which callbacks may be sent, see CALLBACK_HOSTS. */
export interface CallbackHosts {
  /** Returns whether a URL names a host that is listed. */
  isListed(url: URL): boolean;
  /** Returns whether a connection for a URL may be made to an address that its host resolves to. */
  isAllowed(url: URL, address: string): boolean;
}

/** One entry of CALLBACK_HOSTS. */
interface HostEntry {
  /** A name or an address without brackets, or `.<domain>` for all names below it, or `''` for all hosts. */
  readonly host: string;
  readonly isWildcard: boolean;
  /** `undefined`: any. */
  readonly port: string | undefined;
}

/** @param texts hosts, `*.<domain>` or `*`, each with an optional port, in lower case */
export function createCallbackHosts(texts: readonly string[]): CallbackHosts {
  const entries = texts.map(parseEntry);
  const findEntries = (url: URL) => entries.filter(entry => matches(entry, url));
  return {
    isListed: url => findEntries(url).length > 0,
    isAllowed(url, address) {
      const found = findEntries(url);
      const isNamed = found.some(({ isWildcard }) => !isWildcard);
      const family = familyOf(address);
      // An address of this host must be listed literally, or as localhost: another listed name could be made to resolve to it.
      if (localAddresses.check(address, family)) return isNamed && isSameHost(hostOf(url), address);
      return found.length > 0 && (isNamed || !privateAddresses.check(address, family));
    },
  };
}

/** Whether a host is a literal address, or `localhost` for a loopback address (RFC 6761). */
function isSameHost(host: string, address: string): boolean {
  return isIP(host) !== 0 || (host === 'localhost' && /^(127\.|::1$)/.test(address));
}

function parseEntry(text: string): HostEntry {
  const [, name = '', port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? [];
  if (name.startsWith('*')) return { host: name.slice(1), isWildcard: true, port };
  // In the same notation as the host of a URL.
  return { host: URL.canParse(`http://${name}`) ? hostOf(new URL(`http://${name}`)) : name, isWildcard: false, port };
}

function matches({ host, isWildcard, port }: HostEntry, url: URL): boolean {
  const isSamePort = port === undefined || port === (url.port || (url.protocol === 'https:' ? '443' : '80'));
  return isSamePort && (isWildcard ? hostOf(url).endsWith(host) : hostOf(url) === host);
}

/** Returns the host of a URL, without the brackets of an IPv6 address and without the dot after a complete name. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
