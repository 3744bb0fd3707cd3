import type { Podman } from '@podman-api/podman';
import type { Port } from '../published-ports.ts';

/** A container in the output of `podman ps --format json`: the fields that are used. */
export interface PsEntry {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
  readonly Image: string;
  readonly ImageID: string;
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
  /** Number of consecutive ports. */
  readonly range: number;
  readonly protocol: Port['protocol'];
}

/**
 * Returns all containers of the node, running and stopped. Concurrent callers share one podman process.
 * @param fresh runs podman even if its state has not changed since the last run
 */
export async function readContainers(podman: Pick<Podman, 'shared'>, fresh = false): Promise<readonly PsEntry[]> {
  return JSON.parse(await podman.shared(['ps', '--all', '--format=json'], fresh));
}
