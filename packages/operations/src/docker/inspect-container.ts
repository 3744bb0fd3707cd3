import Joi from 'joi';
import { maskVariable } from '../container/inspect/details.ts';
import type { InspectEntry } from '../container/lookup/inspect-entry.ts';
import { defineRequestedTask } from '../define.ts';
import { containerName } from '../schemas/names.ts';
import { dockerNetworkName, dockerStatus } from './docker-names.ts';
import { findContainer } from './find-container.ts';

interface NamedInput {
  /** A name, or the beginning of an id. */
  readonly name: string;
}

type EndpointSettings = NonNullable<InspectEntry['NetworkSettings']['Networks']>[string];

/** Fields of podman's output that Docker's clients read, besides those of `InspectEntry`. */
interface DockerEntry extends InspectEntry {
  readonly State: InspectEntry['State'] & {
    readonly Health?: { readonly Status: string; readonly FailingStreak?: number };
  };
  readonly NetworkSettings: InspectEntry['NetworkSettings'] & {
    readonly Networks: Readonly<
      Record<string, EndpointSettings & { readonly Gateway?: string; readonly Aliases?: readonly string[] | null }>
    > | null;
  };
  readonly Config: InspectEntry['Config'] & {
    readonly OpenStdin?: boolean;
    readonly Volumes?: object | null;
    readonly Healthcheck?: object | null;
    readonly StopTimeout?: number;
  };
  readonly HostConfig: InspectEntry['HostConfig'] & { readonly AutoRemove?: boolean; readonly ShmSize?: number };
}

/** A container with Docker's fields, of which the API reads these. */
export interface DockerContainer {
  /** 64 digits. */
  readonly Id: string;
  /** With a `/` in front. */
  readonly Name: string;
  readonly State: {
    /** Also `true` for a paused container. */
    readonly Running: boolean;
    readonly Paused: boolean;
    readonly ExitCode: number;
    /** RFC 3339, as the next field. */
    readonly StartedAt: string;
    readonly FinishedAt: string;
  };
  readonly Config: { readonly Tty: boolean; readonly OpenStdin: boolean; readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: { readonly AutoRemove: boolean };
}

/** Returns a container as `docker inspect` shows it. Paths of the host are left out, and values of variables are masked. */
export const dockerInspectContainer = defineRequestedTask<NamedInput, DockerContainer>({
  name: 'docker.inspect_container',
  scope: 'containers:read',
  reach: 'container',
  input: Joi.object<NamedInput>({ name: containerName().required() }),
  lane: 'reads',
  isRepeatable: true,
  run: async (podman, { name }, context) => toDocker(await findContainer(podman, name, context)),
});

function toDocker(entry: DockerEntry) {
  const { NetworkSettings: settings, Config: config } = entry;
  const networks = Object.entries(settings.Networks ?? {}).map(([name, network]) => [dockerNetworkName(name), network] as const);
  const [first] = networks;
  return {
    Id: entry.Id,
    Created: entry.Created,
    Path: entry.Path,
    Args: entry.Args ?? [],
    State: stateOf(entry),
    Image: `sha256:${entry.Image}`,
    ResolvConfPath: '',
    HostnamePath: '',
    HostsPath: '',
    LogPath: '',
    Name: `/${entry.Name}`,
    RestartCount: entry.RestartCount,
    Driver: 'overlay',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: '',
    ExecIDs: null,
    HostConfig: hostConfigOf(entry),
    GraphDriver: { Name: 'overlay', Data: null },
    Mounts: (entry.Mounts ?? []).map(({ Type, Name, Destination, RW }) => ({
      Type,
      ...(Type === 'volume' && { Name, Driver: 'local' }),
      Source: '',
      Destination,
      Mode: RW ? 'rw' : 'ro',
      RW,
      Propagation: '',
    })),
    Config: {
      Hostname: config.Hostname,
      Domainname: '',
      User: config.User,
      AttachStdin: false,
      AttachStdout: false,
      AttachStderr: false,
      ExposedPorts: Object.fromEntries(Object.keys(settings.Ports ?? {}).map(port => [port, {}])),
      Tty: config.Tty ?? false,
      OpenStdin: config.OpenStdin ?? false,
      StdinOnce: false,
      Env: (config.Env ?? []).map(variable => maskVariable(variable).join('=')),
      Cmd: config.Cmd,
      Image: entry.ImageName,
      Volumes: config.Volumes ?? null,
      WorkingDir: config.WorkingDir,
      Entrypoint: entrypointOf(config.Entrypoint),
      Labels: config.Labels ?? {},
      StopTimeout: config.StopTimeout ?? 10,
      ...(config.Healthcheck && { Healthcheck: config.Healthcheck }),
    },
    NetworkSettings: {
      Bridge: '',
      SandboxID: '',
      SandboxKey: '',
      Ports: settings.Ports ? withAddresses(settings.Ports) : {},
      Gateway: first?.[1].Gateway ?? '',
      IPAddress: first?.[1].IPAddress ?? '',
      Networks: Object.fromEntries(networks),
    },
  };
}

function stateOf({ State: state }: DockerEntry) {
  const status = dockerStatus(state.Status);
  const health = state.Health?.Status;
  return {
    Status: status,
    Running: status === 'running' || status === 'paused',
    Paused: status === 'paused',
    Restarting: false,
    OOMKilled: state.OOMKilled,
    Dead: false,
    // A client on another host cannot use a process id of the node.
    Pid: 0,
    ExitCode: state.ExitCode,
    Error: '',
    StartedAt: state.StartedAt,
    FinishedAt: state.FinishedAt,
    ...(health && { Health: { Status: health, FailingStreak: state.Health?.FailingStreak ?? 0, Log: [] } }),
  };
}

function hostConfigOf({ HostConfig: host, NetworkSettings: { Ports, Networks } }: DockerEntry) {
  const networks = Object.keys(Networks ?? {}).map(dockerNetworkName);
  const [first = 'bridge'] = networks;
  return {
    Binds: null,
    LogConfig: { Type: 'json-file', Config: {} },
    // Podman sorts the networks by name; one that was connected later must not hide the default network.
    NetworkMode: host.NetworkMode === 'bridge' && !networks.includes('bridge') ? first : host.NetworkMode,
    PortBindings: Object.fromEntries(Object.entries(Ports ?? {}).filter(([, hosts]) => hosts !== null)),
    RestartPolicy: { Name: host.RestartPolicy.Name || 'no', MaximumRetryCount: host.RestartPolicy.MaximumRetryCount },
    AutoRemove: host.AutoRemove ?? false,
    CapAdd: host.CapAdd,
    CapDrop: host.CapDrop,
    Privileged: false,
    ReadonlyRootfs: host.ReadonlyRootfs,
    Memory: host.Memory,
    NanoCpus: host.NanoCpus,
    PidsLimit: host.PidsLimit,
    ShmSize: host.ShmSize ?? 0,
    Tmpfs: host.Tmpfs ?? {},
  };
}

/** Podman prints no address for all addresses of the host, which Docker's clients expect. */
function withAddresses(ports: NonNullable<InspectEntry['NetworkSettings']['Ports']>): object {
  const withAddress = (host: { readonly HostIp: string; readonly HostPort: string }) => ({ ...host, HostIp: host.HostIp || '0.0.0.0' });
  return Object.fromEntries(Object.entries(ports).map(([port, hosts]) => [port, hosts === null ? null : hosts.map(withAddress)]));
}

/** Podman 4 joins the words of an entrypoint with spaces. */
function entrypointOf(entrypoint: InspectEntry['Config']['Entrypoint']): readonly string[] | null {
  if (typeof entrypoint !== 'string') return entrypoint;
  return entrypoint === '' ? null : entrypoint.split(' ');
}
