import type { PublishedPort } from './port-forwards.ts';

/** Label by which the API marks the containers of a session. */
const sessionLabel = 'podman-api-session';

/** A container of the session in a response, with the objects in it that name its ports of the node. */
export interface SessionContainer {
  readonly id: string;
  readonly ports: readonly { readonly published: PublishedPort; replace(localPort: number): void }[];
}

/** Returns the TCP ports of a container of a session in the response of an inspect; `undefined` for another container. */
export function findInInspect(body: unknown, session: string): SessionContainer | undefined {
  const id = idOf(body);
  if (textIn(fieldOf(fieldOf(body, 'Config'), 'Labels'), sessionLabel) !== session || id === '') return undefined;
  const lists = [fieldOf(fieldOf(body, 'NetworkSettings'), 'Ports'), fieldOf(fieldOf(body, 'HostConfig'), 'PortBindings')];
  return {
    id,
    ports: lists.flatMap(list =>
      entriesOf(list).flatMap(([port, hosts]) => {
        const containerPort = tcpPort(port);
        if (containerPort === undefined || !Array.isArray(hosts)) return [];
        return hosts.flatMap((host: unknown) => {
          const hostPort = Number(textIn(host, 'HostPort'));
          if (!(hostPort > 0)) return [];
          const replace = (localPort: number) => setField(host, 'HostPort', String(localPort));
          return [{ published: { containerId: id, containerPort, hostPort }, replace }];
        });
      }),
    ),
  };
}

/** Returns the running containers of a session in a list, with their TCP ports. */
export function findInList(body: unknown, session: string): readonly SessionContainer[] {
  if (!Array.isArray(body)) return [];
  return body.flatMap((container: unknown) => {
    const id = idOf(container);
    const ports = fieldOf(container, 'Ports');
    if (textIn(fieldOf(container, 'Labels'), sessionLabel) !== session || !Array.isArray(ports)) return [];
    // A port of a stopped container may belong to another container now.
    if (!['running', 'paused'].includes(textIn(container, 'State'))) return [];
    return [
      {
        id,
        ports: ports.flatMap((port: unknown) => {
          const [containerPort, hostPort] = [numberIn(port, 'PrivatePort'), numberIn(port, 'PublicPort')];
          if (containerPort === undefined || hostPort === undefined || textIn(port, 'Type') !== 'tcp') return [];
          const replace = (localPort: number) => setField(port, 'PublicPort', localPort);
          return [{ published: { containerId: id, containerPort, hostPort }, replace }];
        }),
      },
    ];
  });
}

/** Returns the id of a container in a response; `''` if it has none. */
export function idOf(body: unknown): string {
  return textIn(body, 'Id');
}

/** Whether the inspected container runs: only then its ports can be reached. */
export function isRunning(body: unknown): boolean {
  return fieldOf(fieldOf(body, 'State'), 'Running') === true;
}

function tcpPort(text: string): number | undefined {
  const [, digits] = /^(\d{1,5})\/tcp$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return entriesOf(value).find(([key]) => key === name)?.[1];
}

function textIn(value: unknown, name: string): string {
  const text = fieldOf(value, name);
  return typeof text === 'string' ? text : '';
}

function numberIn(value: unknown, name: string): number | undefined {
  const number = fieldOf(value, name);
  return typeof number === 'number' && number > 0 ? number : undefined;
}

function setField(value: unknown, name: string, content: unknown): void {
  if (typeof value === 'object' && value !== null) Object.assign(value, { [name]: content });
}
