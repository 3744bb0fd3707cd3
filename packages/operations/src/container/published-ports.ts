import type { CommandOptions, Podman } from '@podman-api/podman';
import Joi from 'joi';
import { anyText, shape } from '../schemas/shape.ts';

/** A port of the container that is published on the host, as in responses. */
export interface Port {
  /** `0.0.0.0` means all addresses of the host. */
  readonly host_ip: string;
  readonly host_port: number;
  readonly container_port: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
}

/** All addresses of the host, as `podman port` prints them; other podman commands print an empty string. */
export const anyAddress = '0.0.0.0';

/** Returns the schema of a published port in a response. */
export const port = () =>
  shape<Port>('Port', {
    host_ip: anyText().description('`0.0.0.0` for all addresses of the host.'),
    host_port: portNumber(),
    container_port: portNumber(),
    protocol: Joi.valid('tcp', 'udp', 'sctp'),
  });
const portNumber = () => Joi.number().integer().min(0).max(65_535);

/** Returns a container's published ports. Podman prints lines such as `80/tcp -> 127.0.0.1:45183`. */
export async function readPublishedPorts(podman: Podman, container: string, options: CommandOptions = {}): Promise<Port[]> {
  const lines = (await podman.run(['port', '--', container], options)).trim().split('\n');
  return lines.flatMap(line => {
    const [, port, protocol, ip, host] = /^(\d+)\/(tcp|udp|sctp) -> \[?([^\]]*?)\]?:(\d+)$/.exec(line) ?? [];
    if (ip === undefined || !isProtocol(protocol)) return [];
    return [{ host_ip: ip, host_port: Number(host), container_port: Number(port), protocol }];
  });
}

function isProtocol(text: string | undefined): text is Port['protocol'] {
  return text === 'tcp' || text === 'udp' || text === 'sctp';
}
