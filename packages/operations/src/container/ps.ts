import type { Podman } from '@podman-api/podman';
import type { Port } from './create/ports.ts';
import { readImageTtls } from './expiry/image-ttl.ts';
import { labelledExpiry } from './expiry/ttl.ts';
import { shortId } from './ids.ts';

/** What `podman ps --format json` tells of a container, as far as it is read. */
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

/** What must be known of a container to find it, and to remove it in time. */
export interface Known {
  /** The short one. */
  readonly id: string;
  readonly name: string;
  /** When it is removed according to its label, in ms since 1970. */
  readonly expires: number | undefined;
}

/** Reads what must be known of all containers of the node. */
export async function readKnown(podman: Pick<Podman, 'shared'>, fresh: boolean): Promise<readonly Known[]> {
  const entries = await readContainers(podman, fresh);
  const imageTtls = await imageTtlsOf(podman, entries);
  return entries.map(({ Id, ImageID, Names, Created, Labels }) => ({
    id: shortId(Id),
    name: Names[0] ?? '',
    // Podman prints whole seconds: no container is removed early.
    expires: labelledExpiry((Created + 1) * 1000, Labels, imageTtls.get(ImageID)),
  }));
}

/** See `readImageTtls`. */
export function imageTtlsOf(podman: Pick<Podman, 'shared'>, entries: readonly PsEntry[]): Promise<ReadonlyMap<string, string>> {
  return readImageTtls(
    podman,
    entries.map(({ ImageID, Labels }) => ({ imageId: ImageID, labels: Labels })),
  );
}
