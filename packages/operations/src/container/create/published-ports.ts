import type { CommandOptions, Podman } from '@podman-api/podman';
import type { Port } from './ports.ts';

/** Returns the ports of the host that a container has. Podman prints lines such as `80/tcp -> 127.0.0.1:45183`. */
export async function publishedPorts(podman: Podman, container: string, options: CommandOptions = {}): Promise<Port[]> {
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
