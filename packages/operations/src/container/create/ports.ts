import Joi from 'joi';
import { readableBy } from '../../schemas/readable-by.ts';
import { shape } from '../../schemas/shape.ts';

/** A port of the container that the host serves; without `host_port` podman chooses one. */
export interface Port {
  readonly host_ip?: string;
  readonly host_port?: number;
  readonly container_port: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
}

type HostPort = string | number | null | readonly [string, number];

/** A port as it is answered. */
export const port = () =>
  shape<Port>('Port', {
    host_ip: Joi.string().optional().description('Nothing for all addresses of the host.'),
    host_port: portNumber(),
    container_port: portNumber(),
    protocol: Joi.valid('tcp', 'udp', 'sctp'),
  });
const portNumber = () => Joi.number().integer().min(0).max(65_535);

/** The three ways a request writes ports, see `ports()`. */
export type Ports = Readonly<Record<string, HostPort>> | readonly string[];

/**
 * `{"8080": "80"}` (host: container), `{"80/tcp": 8080}` (podman-py's form, told by the protocol), or
 * `["127.0.0.1:8080:80/tcp"]`; `0`, `null` or an empty host port lets podman choose.
 */
export const ports = () =>
  Joi.alternatives(
    Joi.array().items(Joi.string()),
    Joi.object().pattern(
      Joi.string().allow(''),
      Joi.alternatives(Joi.string().allow(''), Joi.number(), null, Joi.array().ordered(Joi.string(), Joi.number()).length(2)),
    ),
  )
    .custom(readableBy(portsOf))
    .description(
      '`{"8080": "80"}` (host: container), `{"80/tcp": 8080}` or `["127.0.0.1:8080:80/tcp"]`; 0, null or no port of the host lets podman choose.',
    );

/**
 * What a request's ports mean.
 * @throws RangeError that says what is wrong with which
 */
export function portsOf(value: Ports): Port[] {
  if (isList(value)) return value.map(parse);
  return Object.entries(value).map(([key, other]) =>
    key.includes('/') ? parse(`${hostPart(other)}:${key}`) : parse(`${key}:${other ?? ''}`),
  );
}

function isList(value: Ports): value is readonly string[] {
  return Array.isArray(value);
}

function hostPart(value: HostPort): string {
  return typeof value === 'object' && value !== null ? value.join(':') : String(value ?? '');
}

const form =
  /^(?:(?:(?<ip>\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]+\]):)?(?<host>\d{0,5}):)?(?<container>\d{1,5})(?:\/(?<protocol>tcp|udp|sctp))?$/;

function parse(text: string): Port {
  const { ip, host = '', container = '', protocol = 'tcp' } = form.exec(text)?.groups ?? {};
  const host_port = Number(host);
  const container_port = Number(container);
  if (container_port < 1 || container_port > 65_535 || host_port > 65_535) {
    throw new RangeError(`has "${text}", which is not [ip:][host port]:container port[/tcp|udp|sctp]`);
  }
  return {
    ...(ip !== undefined && { host_ip: ip.replace(/[[\]]/g, '') }),
    ...(host_port > 0 && { host_port }),
    container_port,
    protocol: protocol === 'udp' || protocol === 'sctp' ? protocol : 'tcp',
  };
}

/** Podman's `--publish` for a port. */
export function publishArgument({ host_ip, host_port, container_port, protocol }: Port): string {
  const ip = host_ip === undefined ? '' : `${host_ip.includes(':') ? `[${host_ip}]` : host_ip}:`;
  return `--publish=${ip}${host_port ?? ''}${host_port !== undefined || ip ? ':' : ''}${container_port}/${protocol}`;
}
