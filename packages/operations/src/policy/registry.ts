import { BlockList, isIPv4 } from 'node:net';
import type { Patterns } from './patterns.ts';

/**
 * Addresses that are not public: loopback, link-local, private, shared, multicast and reserved ones, from IANA's registry of
 * special-purpose addresses (RFC 6890). The schema of an image accepts no IPv6 address, and neither does podman.
 */
const privateNetworks: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const privateAddresses = new BlockList();
for (const [network, prefix] of privateNetworks) privateAddresses.addSubnet(network, prefix);

/**
 * Returns the registry that an image reference names, with its port; `undefined` for a short name or an id. As in podman, the part
 * before the first `/` is a registry if it has a `.`, a `:` or a capital, or is `localhost`.
 */
export function registryOf(image: string): string | undefined {
  const [registry = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:A-Z]/.test(registry) || registry === 'localhost') ? registry : undefined;
}

/** Whether an image is one of the host's own: podman names what was built or imported there `localhost/…`. */
export function isLocalImage(image: string): boolean {
  return registryOf(image) === 'localhost';
}

/**
 * Whether a registry is in the host's own network, judged by its name: `localhost`, a name without a dot, an address that is
 * not public, or an address in another spelling than four decimal numbers (`0x7f.1`, `127.1`), which resolvers read differently.
 * Names are not resolved.
 */
export function isPrivateRegistry(registry: string): boolean {
  const host = registry.replace(/\.?(?::\d*)?$/, '').toLowerCase();
  if (!host.includes('.') || host.endsWith('.localhost')) return true;
  const url = URL.parse(`http://${host}`);
  if (!url) return true;
  return isIPv4(url.hostname) && (url.hostname !== host || privateAddresses.check(host));
}

/** Whether a pattern names this registry literally, without a `*`. */
export function listsRegistry(patterns: Patterns, registry: string): boolean {
  return patterns?.some(({ text }) => text.startsWith(`${registry}/`)) ?? false;
}
