import type { Podman } from '@podman-api/podman';

/** A container in the output of `podman container inspect`: the fields that are used. */
export interface InspectEntry {
  readonly Id: string;
  readonly Created: string;
  readonly Path: string;
  readonly Args: readonly string[] | null;
  readonly Name: string;
  readonly Image: string;
  readonly ImageName: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    /** On the host; 0 if there is no process. */
    readonly Pid: number;
    readonly OOMKilled: boolean;
    readonly ExitCode: number;
    readonly Error: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    /** Podman 5 leaves it out if there is no health check. */
    readonly Health?: { readonly Status: string };
  };
  readonly Mounts: readonly MountEntry[] | null;
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>> | null;
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> | null;
  };
  readonly Config: {
    readonly Hostname: string;
    readonly User: string;
    readonly Env: readonly string[] | null;
    readonly Cmd: readonly string[] | null;
    /** Podman 4 joins the words with spaces. */
    readonly Entrypoint: readonly string[] | string | null;
    readonly WorkingDir: string;
    readonly Tty?: boolean;
    readonly Labels: Readonly<Record<string, string>> | null;
  };
  readonly HostConfig: {
    readonly NetworkMode: string;
    readonly RestartPolicy: { readonly Name: string; readonly MaximumRetryCount: number };
    readonly ReadonlyRootfs: boolean;
    readonly Memory: number;
    readonly NanoCpus: number;
    readonly PidsLimit: number;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    /** Options of mounts in memory by their path. */
    readonly Tmpfs?: Readonly<Record<string, string>> | null;
  };
}

/** A mount of a container, as `podman container inspect` prints it. */
export interface MountEntry {
  readonly Type: string;
  readonly Name?: string;
  readonly Source?: string;
  readonly Destination: string;
  readonly RW: boolean;
}

/**
 * Returns podman's data about a container at the time of the call.
 * @param name the container's name, or the beginning of its id
 * @throws ApiError (404) if there is no such container
 */
export async function readEntry(podman: Podman, name: string, signal: AbortSignal): Promise<InspectEntry> {
  const entry: InspectEntry = JSON.parse(await podman.inspect(name, { signal }));
  return entry;
}
