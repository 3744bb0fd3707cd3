import Joi from 'joi';
import { define } from '../operation.ts';
import type { Port } from './create/ports.ts';
import { shortId } from './ids.ts';

export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly created: string;
  readonly ports: readonly Port[];
  readonly labels: Readonly<Record<string, string>>;
  readonly node: string;
  /** Where it has ended. */
  readonly exit_code: number | null;
}

/** What `podman ps --format json` tells of a container, as far as it is read. */
interface PsEntry {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
  readonly Image: string;
  readonly Command: readonly string[] | null;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Exited: boolean;
  readonly ExitCode: number;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Ports: readonly PsPort[] | null;
}

interface PsPort {
  readonly host_ip: string;
  readonly container_port: number;
  readonly host_port: number;
  /** How many ports in a row. */
  readonly range: number;
  readonly protocol: Port['protocol'];
}

/** Lists all containers, running and stopped. */
export const list = define<object, readonly ListedContainer[]>({
  name: 'container.list',
  method: 'GET',
  path: '/containers',
  scope: 'containers:read',
  input: Joi.object({}),
  lane: 'reads',
  repeatable: true,
  noun: 'containers',
  async run(podman, _input, { node }) {
    const entries: PsEntry[] = JSON.parse(await podman.shared(['ps', '--all', '--format=json']));
    return entries.map(entry => ({
      id: shortId(entry.Id),
      name: entry.Names[0] ?? '',
      status: entry.State,
      image: entry.Image,
      command: entry.Command ?? [],
      created: new Date(entry.Created * 1000).toISOString(),
      ports: (entry.Ports ?? []).flatMap(portsOfRange),
      labels: entry.Labels ?? {},
      node,
      exit_code: entry.Exited ? entry.ExitCode : null,
    }));
  },
});

function portsOfRange({ host_ip, host_port, container_port, range, protocol }: PsPort): Port[] {
  return Array.from({ length: Math.max(range, 1) }, (_, index) => ({
    ...(host_ip && { host_ip }),
    host_port: host_port + index,
    container_port: container_port + index,
    protocol,
  }));
}
