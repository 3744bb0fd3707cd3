import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { boundedText } from '../../schemas/bounds.ts';
import { readableBy, UnreadableValue } from '../../schemas/readable-by.ts';

/**
 * Ranges for private networks (RFC 1918, RFC 6598, RFC 4193). A network with another one would take its addresses from the
 * whole host, which would no longer reach them on the internet.
 */
const privateRanges = { ipv4: new BlockList(), ipv6: new BlockList() } as const;
privateRanges.ipv4.addSubnet('10.0.0.0', 8);
privateRanges.ipv4.addSubnet('100.64.0.0', 10);
privateRanges.ipv4.addSubnet('172.16.0.0', 12);
privateRanges.ipv4.addSubnet('192.168.0.0', 16);
// In a separate list: a list with ranges of IPv4 also matches IPv6 addresses that hold an IPv4 address, such as ::ffff:10.0.0.0.
privateRanges.ipv6.addSubnet('fc00::', 7, 'ipv6');

/** Accepted prefixes: from a range as large as 10.0.0.0/8 to one with addresses for a gateway and a container. */
const prefixLengths = { ipv4: { min: 8, max: 30 }, ipv6: { min: 8, max: 126 } } as const;

/** Returns the schema of a subnet in a private range, such as `10.89.1.0/24`. */
export const subnet = () =>
  boundedText(64)
    .custom(readableBy(checkSubnet))
    .description('A range of private addresses, such as `10.89.1.0/24`. Default: one that the node does not use.');

/** Returns the schema of the gateway of a network, which requires the field `subnet`. */
export const gateway = () =>
  boundedText(45)
    .custom(
      readableBy((address: string) => {
        if (!isIPv4(address) && !isPlainIPv6(address)) throw new UnreadableValue('write an IP address of the subnet, such as 10.89.1.1');
      }),
    )
    .custom((address: string, { state, message }) =>
      'subnet' in Object(state.ancestors[0]) ? address : message({ custom: '{{#label}} requires the field subnet' }),
    )
    .description('An address of the subnet. Default: its first.');

/** @throws UnreadableValue */
function checkSubnet(text: string): void {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const { min, max } = prefixLengths[family];
  const isAddress = family === 'ipv4' || isPlainIPv6(address);
  if (!isAddress || rest.length > 0 || !/^\d{1,3}$/.test(prefix))
    throw new UnreadableValue('write a range such as 10.89.1.0/24 or fd00:1::/64');
  if (!privateRanges[family].check(address, family)) {
    throw new UnreadableValue(
      'choose a range of private addresses: in 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12, 192.168.0.0/16 or fc00::/7',
    );
  }
  const bits = Number(prefix);
  if (bits < min || bits > max) throw new UnreadableValue(`choose a prefix from /${min} to /${max}`);
  if (isWiderThanRange(address, bits))
    throw new UnreadableValue('the range is larger than the private range that it begins in; choose a longer prefix');
}

/** Whether a range of IPv4 holds more than private addresses, such as `172.16.0.0/8`. */
function isWiderThanRange(address: string, bits: number): boolean {
  const min = address.startsWith('10.') ? 8 : address.startsWith('100.') ? 10 : address.startsWith('172.') ? 12 : 16;
  return isIPv4(address) && bits < min;
}

/** Whether a string is an IPv6 address without a zone. */
function isPlainIPv6(address: string): boolean {
  return isIPv6(address) && !address.includes('%');
}
