import { createHash } from 'node:crypto';
import { shortId } from '@podman-api/operations';
import type { RyukContainer } from './ryuk-container.ts';

/** Returns a Ryuk as `docker inspect` shows a container. */
export function describeRyuk(ryuk: RyukContainer): object {
  const { id, createdAtMs, startedAtMs, isRunning, options } = ryuk;
  const bindings = bindingsOf(ryuk);
  return {
    Id: id,
    Created: new Date(createdAtMs).toISOString(),
    Path: '/ryuk',
    Args: [],
    State: {
      Status: isRunning ? 'running' : 'created',
      Running: isRunning,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: 0,
      ExitCode: 0,
      Error: '',
      StartedAt: new Date(startedAtMs ?? 0).toISOString(),
      FinishedAt: new Date(0).toISOString(),
    },
    Image: imageId(options.image),
    Name: `/${options.name}`,
    RestartCount: 0,
    Driver: 'overlay',
    Platform: 'linux',
    HostConfig: { NetworkMode: 'bridge', PortBindings: bindings, AutoRemove: true, RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } },
    Mounts: [],
    Config: {
      Hostname: shortId(id),
      User: '',
      Tty: false,
      OpenStdin: false,
      ExposedPorts: { [options.port]: {} },
      Env: [],
      Cmd: ['/ryuk'],
      Entrypoint: null,
      Image: options.image,
      WorkingDir: '/',
      Labels: options.labels,
    },
    NetworkSettings: { Ports: bindings, IPAddress: '', Gateway: '', Networks: { bridge: { IPAddress: '', Gateway: '', Aliases: null } } },
  };
}

/** Returns a Ryuk as `docker ps` shows a container. */
export function summarizeRyuk({ id, createdAtMs, isRunning, hostPort, options }: RyukContainer): object {
  const [port = '', protocol = 'tcp'] = options.port.split('/');
  return {
    Id: id,
    Names: [`/${options.name}`],
    Image: options.image,
    ImageID: imageId(options.image),
    Command: '/ryuk',
    Created: Math.floor(createdAtMs / 1000),
    Ports: isRunning ? [{ IP: '0.0.0.0', PrivatePort: Number(port), PublicPort: hostPort, Type: protocol }] : [],
    Labels: options.labels,
    State: isRunning ? 'running' : 'created',
    Status: isRunning ? 'Up' : 'Created',
    HostConfig: { NetworkMode: 'bridge' },
    NetworkSettings: { Networks: { bridge: {} } },
    Mounts: [],
  };
}

/** Returns the image of Ryuk as `docker image inspect` shows it. */
export function describeRyukImage(name: string): object {
  return {
    Id: imageId(name),
    RepoTags: [name],
    RepoDigests: [],
    Created: new Date(0).toISOString(),
    Architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    Os: 'linux',
    Size: 0,
    Config: { Cmd: ['/ryuk'], ExposedPorts: { '8080/tcp': {} }, Env: [], Labels: {}, Entrypoint: null, WorkingDir: '/' },
    RootFS: { Type: 'layers', Layers: [] },
  };
}

function imageId(name: string): string {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

function bindingsOf({ isRunning, hostPort, options }: RyukContainer): object {
  return { [options.port]: isRunning ? [{ HostIp: '0.0.0.0', HostPort: String(hostPort) }] : null };
}
