import type { ContainerClaim } from '../../pool-containers.ts';
import type { Renewals } from '../../renewals.ts';
import { shortId } from '../../short-id.ts';
import { labelledExpiry } from '../expiry/ttl.ts';
import { healthOf } from '../health.ts';
import type { InspectEntry } from '../lookup/inspect-entry.ts';
import { publicNameOf } from '../lookup/ps.ts';
import { anyAddress, type Port } from '../published-ports.ts';
import { hasEnded } from '../status.ts';
import type { ContainerDetails } from './result.ts';

/** Variables that podman and images set themselves; their values are not masked. */
const openVariables: ReadonlySet<string> = new Set(['PATH', 'HOME', 'HOSTNAME', 'TERM', 'LANG', 'container']);

/**
 * Returns a container's details for a response.
 * @param renewals expiry times of the node's containers that were set after their creation
 * @param imageTtl the ttl label of its image, see `readImageTtls`
 * @param claim `undefined` if it was not claimed from a pool
 */
export function toDetails(
  entry: InspectEntry,
  node: string,
  renewals: Renewals,
  imageTtl: string | undefined,
  claim: ContainerClaim | undefined,
): ContainerDetails {
  const { State: state, Config: config, HostConfig: host, NetworkSettings: network } = entry;
  const labelled = claim ? (claim.expiresAtMs ?? undefined) : labelledExpiry(Date.parse(entry.Created), config.Labels, imageTtl);
  const expiresAtMs = renewals.get(shortId(entry.Id)) ?? labelled;
  return {
    id: shortId(entry.Id),
    name: claim ? publicNameOf(claim, entry.Name) : entry.Name,
    status: state.Status,
    health: healthOf(state.Status, state.Health?.Status),
    image: entry.ImageName,
    image_id: shortId(entry.Image),
    command: config.Cmd ?? [],
    entrypoint: entrypointOf(entry),
    created: new Date(entry.Created).toISOString(),
    expires_at: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
    started: timeOf(state.StartedAt),
    finished: timeOf(state.FinishedAt),
    exit_code: hasEnded(state.Status) ? state.ExitCode : null,
    oom_killed: state.OOMKilled,
    restart_count: entry.RestartCount,
    environment: Object.fromEntries((config.Env ?? []).map(maskVariable)),
    ports: Object.entries(network.Ports ?? {}).flatMap(([port, hosts]) => portsOf(port, hosts ?? [])),
    volumes: (entry.Mounts ?? []).map(mount => ({
      type: mount.Type,
      name: mount.Type === 'volume' ? (mount.Name ?? null) : null,
      target: mount.Destination,
      mode: mount.RW ? 'rw' : 'ro',
    })),
    networks: Object.fromEntries(Object.entries(network.Networks ?? {}).map(([name, { IPAddress }]) => [name, IPAddress])),
    labels: { ...config.Labels, ...claim?.labels },
    user: config.User,
    work_dir: config.WorkingDir,
    hostname: config.Hostname,
    restart_policy: policyOf(host.RestartPolicy),
    read_only: host.ReadonlyRootfs,
    memory: host.Memory,
    cpus: host.NanoCpus / 1e9,
    pids_limit: Math.max(host.PidsLimit, 0),
    cap_add: host.CapAdd ?? [],
    cap_drop: host.CapDrop ?? [],
    node,
  };
}

/** Returns the words of the process before those of its command, without podman's own init process. */
function entrypointOf({ Path, Args, Config: { Cmd, Entrypoint } }: InspectEntry): readonly string[] {
  const command = Cmd ?? [];
  const joined = typeof Entrypoint === 'string' ? Entrypoint : (Entrypoint ?? []).join(' ');
  // Podman 4 repeats a process's only word as its argument: {"Path": "cat", "Args": ["cat"]}.
  const isOneWord = (joined === '' && command.length === 1) || (joined === Path && command.length === 0);
  const words = isOneWord ? [Path] : [Path, ...(Args ?? [])];
  const ours = words[0] === '/run/podman-init' || words[0] === '/dev/init' ? words.slice(words.indexOf('--') + 1) : words;
  return ours.slice(0, Math.max(ours.length - command.length, 0));
}

/** Returns a time in ISO 8601; `null` for Go's zero time, which means never. */
function timeOf(text: string): string | null {
  return text.startsWith('0001-') ? null : new Date(text).toISOString();
}

/** Returns the name and value of a variable as responses show it: most values are masked. */
export function maskVariable(variable: string): [string, string] {
  const [name = '', ...value] = variable.split('=');
  return [name, openVariables.has(name) ? value.join('=') : '***'];
}

function portsOf(port: string, hosts: readonly { readonly HostIp: string; readonly HostPort: string }[]): Port[] {
  const [number, protocol] = port.split('/');
  return hosts.map(({ HostIp, HostPort }) => ({
    host_ip: HostIp || anyAddress,
    host_port: Number(HostPort),
    container_port: Number(number),
    protocol: protocol === 'udp' || protocol === 'sctp' ? protocol : 'tcp',
  }));
}

function policyOf({ Name, MaximumRetryCount }: InspectEntry['HostConfig']['RestartPolicy']): string {
  return MaximumRetryCount > 0 ? `${Name}:${MaximumRetryCount}` : Name || 'no';
}
