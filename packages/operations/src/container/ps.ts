import type { Podman } from '@podman-api/podman';
import type { Port } from './create/ports.ts';
import { labelledExpiry } from './expiry/ttl.ts';
import { shortId } from './ids.ts';

/** What `podman ps --format json` tells of a container, as far as it is read. */
export interface PsEntry {
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

/**
 * All containers of the node, running and stopped; callers at the same time share one podman.
 * @param fresh whether podman is asked though nothing has changed
 */
export async function readContainers(podman: Pick<Podman, 'shared'>, fresh = false): Promise<readonly PsEntry[]> {
  return JSON.parse(await podman.shared(['ps', '--all', '--format=json'], fresh));
}

/** What has to be known of a container to find it, and to end it in time. */
export interface Known {
  /** The short one. */
  readonly id: string;
  readonly name: string;
  /** Until when it is to live by its label, in ms since 1970. */
  readonly expires: number | undefined;
}

export function knownOf({ Id, Names, Created, Labels }: PsEntry): Known {
  // Of the time when it was made podman tells whole seconds here: nothing is to go before its time.
  return { id: shortId(Id), name: Names[0] ?? '', expires: labelledExpiry((Created + 1) * 1000, Labels) };
}
