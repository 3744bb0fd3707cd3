import type { Podman } from '@podman-api/podman';
import type { SimulatedContainer } from './containers.ts';

const created = '2026-01-02T03:04:05.678901234Z';
const labels = {
  app: 'web',
  team: 'platform',
  'com.example.build': '4711',
  'com.example.commit': '0123456789abcdef0123456789abcdef01234567',
};
const image = 'registry.example/platform/web:1.24';
const command = ['nginx', '-g', 'daemon off;'];

/**
 * A podman that answers at once from memory, in the format of the real one, so that a call takes only the time that
 * this project adds. It knows `ps`, `container inspect` and `exec`.
 */
export function createFakePodman(containers: readonly SimulatedContainer[]): Podman {
  const list = containers.map(container => `${JSON.stringify(formatListEntry(container))}\n`).join('');
  const notSupported = async () => {
    throw new Error('the simulated podman does not support this');
  };
  return {
    run: notSupported,
    async inspect(reference) {
      const found = containers.find(({ name, id }) => name === reference || id.startsWith(reference));
      return found ? JSON.stringify(formatInspection(found)) : notSupported();
    },
    pipe: notSupported,
    createTempFolder: notSupported,
    read: notSupported,
    shared: async () => list,
    exec: async () => ({ exitCode: 0 }),
    execInteractive: notSupported,
    resizeTerminal: async () => false,
    startAttached: notSupported,
    attach: notSupported,
    follow: notSupported,
    followShared: notSupported,
    followLog: notSupported,
    files: notSupported,
    logs: notSupported,
    script: notSupported,
    checkHealth: notSupported,
    identify: reference => ({ reference, id: undefined }),
    kill: notSupported,
    waitForProcesses: notSupported,
    removeTempFolder: notSupported,
    buildUlimits: () => [],
    buildIsolation: notSupported,
    canLimitBuilds: () => true,
    removeBuild: notSupported,
    mountsOf: async () => undefined,
    earlySessions: {
      prepare: async () => false,
      adopt: () => {},
      open: () => {},
      openIfExpected: () => {},
      recordCreate: () => {},
      recordStart: () => {},
    },
  };
}

/** Returns a container as podman prints it in lists, see `PsEntry`. */
function formatListEntry({ id, name }: SimulatedContainer): object {
  return {
    Command: command,
    Exited: false,
    ExitedAt: 0,
    AutoRemove: false,
    ExitCode: 0,
    Id: id,
    Image: image,
    ImageID: id,
    Labels: labels,
    Health: '',
    ServiceLabels: { 'podman-api.ttl': '', 'podman-api.job': '' },
    Names: [name],
    Ports: [{ host_ip: '', container_port: 80, host_port: 8080, range: 1, protocol: 'tcp' }],
    State: 'running',
    Created: 1_767_323_045,
  };
}

/** Returns the fields of `podman container inspect` that are read. */
function formatInspection({ id, name }: SimulatedContainer): object {
  return {
    Id: id,
    Created: created,
    Path: command[0],
    Args: command.slice(1),
    Name: name,
    Image: id,
    ImageName: image,
    RestartCount: 0,
    State: {
      Status: 'running',
      Pid: 4711,
      OOMKilled: false,
      ExitCode: 0,
      Error: '',
      StartedAt: created,
      FinishedAt: '0001-01-01T00:00:00Z',
    },
    Mounts: [],
    NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] }, Networks: { podman: { IPAddress: '10.88.0.7' } } },
    Config: { Hostname: id.slice(0, 12), User: '', Env: ['PATH=/usr/bin', 'TOKEN=x'], WorkingDir: '/', Labels: labels },
    HostConfig: {
      NetworkMode: 'bridge',
      RestartPolicy: { Name: '', MaximumRetryCount: 0 },
      ReadonlyRootfs: false,
      Memory: 0,
      NanoCpus: 0,
      PidsLimit: 2048,
      CapAdd: [],
      CapDrop: [],
    },
  };
}
