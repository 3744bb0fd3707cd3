import { isIP } from 'node:net';
import Joi, { type AlternativesSchema } from 'joi';
import { boundedList, boundedMap, boundedText } from '../../schemas/bounds.ts';
import { quote, readableBy, UnreadableValue } from '../../schemas/readable-by.ts';
import { anyAddress, type Port } from '../published-ports.ts';

/** Consecutive ports to publish. */
export interface PortMapping {
  /** `undefined` for all addresses of the host. */
  readonly host_ip?: string;
  /** The first one; `undefined` lets podman choose. */
  readonly host_port?: number;
  /** The first one. */
  readonly container_port: number;
  readonly count: number;
  readonly protocol: Port['protocol'];
}

type RequestedHostPort = string | number | null | readonly [string, number];

/** The three forms of ports in a request, see `ports()`. */
export type Ports = Readonly<Record<string, RequestedHostPort>> | readonly string[];

const maxMappings = 1000;
const portText = () => boundedText(100);

/**
 * Returns the schema of ports to publish: `{"8080": "80"}` (host: container), `{"80/tcp": 8080}` (podman-py's form, recognised
 * by the protocol), or `["127.0.0.1:8080:80/tcp", "8000-8002:80-82"]`; `0`, `null` or an empty host port lets podman choose.
 */
export function ports(): AlternativesSchema {
  const target = Joi.alternatives(
    portText().allow(''),
    Joi.number(),
    null,
    Joi.array().ordered(portText(), Joi.number()).length(2),
  ).messages({
    'alternatives.types': '{{#label}} must be a port such as "80", 80, null or ["127.0.0.1", 8080]',
    'alternatives.match': '{{#label}} must be a port such as "80", 80, null or ["127.0.0.1", 8080]',
  });
  return Joi.alternatives(boundedList(maxMappings, portText()), boundedMap(maxMappings, portText().allow(''), target))
    .prefs({ abortEarly: true })
    .custom(readableBy(checkPorts))
    .messages({ 'alternatives.types': '{{#label}} must be a list such as ["8080:80"], or an object such as \\{"8080": "80"}' })
    .description(
      '`{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or `["127.0.0.1:8080:80/tcp", "8000-8002:80-82"]`; if the host port is 0, null or missing, podman chooses one.',
    );
}

/**
 * Reads a request's ports.
 * @throws UnreadableValue that quotes the one which cannot be read
 */
export function parsePorts(value: Ports): PortMapping[] {
  if (isList(value)) return value.map(text => parse(text, text));
  return Object.entries(value).map(([key, other]) =>
    parse(key.includes('/') ? `${hostPart(other)}:${key}` : `${key}:${other ?? ''}`, { [key]: other }),
  );
}

function isList(value: Ports): value is readonly string[] {
  return Array.isArray(value);
}

function hostPart(value: RequestedHostPort): string {
  return typeof value === 'object' && value !== null ? value.join(':') : String(value ?? '');
}

const form =
  /^(?:(?:(?<ip>[\d.]{7,15}|\[[0-9a-fA-F:.]{2,45}\]):)?(?<host>(?:\d{1,5}(?:-\d{1,5})?)?):)?(?<container>\d{1,5}(?:-\d{1,5})?)(?:\/(?<protocol>tcp|udp|sctp))?$/;

/** @param given the caller's value, for the message */
function parse(text: string, given: unknown): PortMapping {
  const { ip, host = '', container = '', protocol = 'tcp' } = form.exec(text)?.groups ?? {};
  const address = ip?.replace(/[[\]]/g, '');
  const inside = parseRange(container);
  const outside = parseRange(host);
  if (inside === undefined || inside.first === 0 || outside === undefined || (address !== undefined && isIP(address) === 0)) {
    throw new UnreadableValue(
      `${quote(given)} is not [ip:][host port:]container port[/tcp|udp|sctp], for example "8080:80" or "127.0.0.1:8000-8002:80-82/udp"`,
    );
  }
  if (outside.first > 0 && outside.count !== inside.count) {
    throw new UnreadableValue(
      `${quote(given)} has a different number of ports for the host and the container: ${outside.count} and ${inside.count}`,
    );
  }
  return {
    ...(address !== undefined && { host_ip: address }),
    ...(outside.first > 0 && { host_port: outside.first }),
    container_port: inside.first,
    count: inside.count,
    protocol: protocol === 'udp' || protocol === 'sctp' ? protocol : 'tcp',
  };
}

/** Reads `80` or `80-82`, and an empty string as port 0; `undefined` if the string is not a range of ports. */
function parseRange(text: string): { readonly first: number; readonly count: number } | undefined {
  const [first = 0, last = first] = text.split('-').map(Number);
  return last <= 65_535 && first <= last && (first > 0 || last === 0) ? { first, count: last - first + 1 } : undefined;
}

/** @throws UnreadableValue if one cannot be read, or two need the same port of the host */
function checkPorts(value: Ports): void {
  const fixed = parsePorts(value).filter(({ host_port }) => host_port !== undefined);
  for (const [index, one] of fixed.entries()) {
    const other = fixed.slice(0, index).find(earlier => isSameHostPort(one, earlier));
    if (other === undefined) continue;
    throw new UnreadableValue(`${hostText(other)} and ${hostText(one)} are the same port of the host: publish each port of the host once`);
  }
}

function isSameHostPort(one: PortMapping, other: PortMapping): boolean {
  const [first = 0, second = 0] = [one.host_port, other.host_port];
  const isSameAddress = one.host_ip === other.host_ip || [one, other].some(({ host_ip = anyAddress }) => host_ip === anyAddress);
  return one.protocol === other.protocol && isSameAddress && first < second + other.count && second < first + one.count;
}

/** Returns podman's `--publish` for consecutive ports. */
export function publishArgument(mapping: PortMapping): string {
  const host = hostText(mapping);
  return `--publish=${host}${host === '' ? '' : ':'}${rangeText(mapping.container_port, mapping.count)}/${mapping.protocol}`;
}

function hostText({ host_ip, host_port, count }: PortMapping): string {
  const ip = host_ip === undefined ? '' : `${host_ip.includes(':') ? `[${host_ip}]` : host_ip}:`;
  return `${ip}${host_port === undefined ? '' : rangeText(host_port, count)}`;
}

function rangeText(first: number, count: number): string {
  return count === 1 ? `${first}` : `${first}-${first + count - 1}`;
}
