import { readFile } from 'node:fs/promises';
import { BlockList, isIPv4 } from 'node:net';
import { endianness } from 'node:os';

/** Flag of a route that discards its packets (RTF_REJECT in linux/route.h). */
const rejectFlag = 0x200;

/**
 * Reads the ranges of addresses that this host routes to an interface, such as `10.0.0.0/8`, without its default routes. Podman
 * itself only avoids the addresses of interfaces: a network in another range would take that range from the host.
 */
export async function readHostRoutes(): Promise<readonly string[]> {
  // A host without IPv6 has no such file.
  const [ipv4, ipv6] = await Promise.all([readFile('/proc/net/route', 'utf8'), readFile('/proc/net/ipv6_route', 'utf8').catch(() => '')]);
  return [...parseRoutes(ipv4, endianness()), ...parseIPv6Routes(ipv6)];
}

/** Parses `/proc/net/route`, whose addresses are numbers in the byte order of the host. */
export function parseRoutes(table: string, byteOrder: 'BE' | 'LE'): readonly string[] {
  const bytesOf = (hex: string) => (byteOrder === 'LE' ? [...Buffer.from(hex, 'hex')].reverse() : [...Buffer.from(hex, 'hex')]);
  return linesOf(table)
    .slice(1)
    .flatMap(([device, destination = '', , flags = '', , , , mask = '']) => {
      const prefix = bytesOf(mask).reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
      // The device of a route that discards its packets is an asterisk.
      const isUsed = device !== '*' && (Number.parseInt(flags, 16) & rejectFlag) === 0 && prefix > 0;
      return isUsed ? [`${bytesOf(destination).join('.')}/${prefix}`] : [];
    });
}

/** Parses `/proc/net/ipv6_route`. */
export function parseIPv6Routes(table: string): readonly string[] {
  return linesOf(table).flatMap(([destination = '', length = '', , , , , , , flags = '']) => {
    const prefix = Number.parseInt(length, 16);
    const isUsed = (Number.parseInt(flags, 16) & rejectFlag) === 0 && prefix > 0;
    return isUsed ? [`${destination.match(/.{4}/g)?.join(':')}/${prefix}`] : [];
  });
}

function linesOf(table: string): readonly string[][] {
  const lines = table.split('\n').filter(line => line.trim() !== '');
  return lines.map(line => line.trim().split(/\s+/));
}

/** Returns whether two ranges, such as `10.0.0.0/8`, have addresses in common. */
export function overlap(one: string, other: string): boolean {
  const [address = '', prefix = ''] = one.split('/');
  const [otherAddress = '', otherPrefix = ''] = other.split('/');
  if (isIPv4(address) !== isIPv4(otherAddress)) return false;
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const wider = new BlockList();
  wider.addSubnet(address, Math.min(Number(prefix), Number(otherPrefix)), family);
  return wider.check(otherAddress, family);
}

/** Finds a private range of 256 addresses that overlaps none of the given ranges; `undefined` if there is none. */
export function findFreeSubnet(taken: readonly string[]): string | undefined {
  const blocked = new BlockList();
  for (const [address = '', prefix = ''] of taken.map(range => range.split('/'))) {
    // A smaller range blocks the 256 addresses that it is in.
    if (isIPv4(address)) blocked.addSubnet(address, Math.min(Number(prefix), 24));
  }
  for (const network of privateNetworks()) if (!blocked.check(network)) return `${network}/24`;
  return undefined;
}

/** Yields the first addresses of private ranges in an order that begins as podman's (`default_subnet_pools` in containers.conf(5)). */
function* privateNetworks(): Generator<string> {
  const bytes = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const prefixes = [...bytes(89, 255).map(byte => `10.${byte}`), ...bytes(16, 31).map(byte => `172.${byte}`), '192.168'];
  for (const prefix of prefixes) for (const byte of bytes(0, 255)) yield `${prefix}.${byte}.0`;
}
