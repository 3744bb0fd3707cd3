import type { Podman } from '@podman-api/podman';
import { describe, expect, it } from 'vitest';
import {
  containerOperations,
  type DockerCreateInput,
  dockerAttach,
  dockerCreateContainer,
  dockerInspectContainer,
  dockerListContainers,
  type TaskContext,
  validateInput,
} from '../src/index.ts';
import { context, createChannel, noPools, recordingPodman } from './recording-podman.ts';

const id = 'ab13f7e2c9d0'.padEnd(64, '0');

describe('docker.create_container', () => {
  const create = async (input: Partial<DockerCreateInput>) => {
    const podman = recordingPodman({ run: `${id}\n` });
    const result = await dockerCreateContainer.run(podman, { image: 'localhost/app', name: 'web', ...input }, context);
    return { result, args: podman.calls[0]?.args ?? [] };
  };

  it('creates a container, does not start it, and returns the full id', async () => {
    const { result, args } = await create({ command: ['sh'] });
    expect(result).toEqual({ id, name: 'web' });
    expect(args[0]).toBe('create');
    expect(args.slice(-3)).toEqual(['--', 'localhost/app', 'sh']);
  });

  it('passes on what only Docker has', async () => {
    const { args } = await create({
      auto_remove: true,
      tty: true,
      stdin_open: true,
      expose: ['80/tcp'],
      publish_all: true,
      network_aliases: ['db'],
      stop_timeout: 3,
    });
    const own = ['--rm', '--tty', '--interactive', '--expose=80/tcp', '--publish-all', '--network-alias=db', '--stop-timeout=3'];
    expect(args.slice(1, 8)).toEqual(own);
  });

  it.each([{ expose: ['80; rm -rf /'] }, { network_aliases: ['--privileged'] }, { stop_timeout: -1 }])('refuses %j', bad => {
    expect(() => validateInput(dockerCreateContainer, { image: 'localhost/app', name: 'web', ...bad })).toThrow();
  });

  it('lets a session be opened early at the first start of the container', async () => {
    const podman = recordingPodman({ run: `${id}\n` });
    const noted: unknown[] = [];
    const earlySessions = {
      ...podman.earlySessions,
      recordCreate: (created: object) => void noted.push(created),
      recordStart: (container: string) => void noted.push(container),
    };
    await dockerCreateContainer.run({ ...podman, earlySessions }, { image: 'localhost/app', name: 'web' }, context);
    await containerOperations.start.run({ ...podman, earlySessions }, { name: id }, context);
    expect(noted).toEqual([{ id, name: 'web', image: 'localhost/app' }, id]);
  });

  it('names the container for the directory by its short id', () => {
    expect(dockerCreateContainer.effect?.({ image: 'localhost/app', name: 'web' }, { id, name: 'web' })).toEqual({
      created: { id: id.slice(0, 12), name: 'web', ttl: undefined, hasHealthCheck: false },
    });
  });
});

describe('docker.inspect_container', () => {
  it("returns Docker's fields, without values of variables and paths of the host", async () => {
    const entry = {
      Id: id,
      Name: 'web',
      Image: 'c'.repeat(64),
      ImageName: 'localhost/app:latest',
      State: { Status: 'stopped', ExitCode: 3, StartedAt: '2026-01-05T09:30:00Z', FinishedAt: '2026-01-05T09:31:00Z' },
      Mounts: [{ Type: 'bind', Source: '/srv/secret', Destination: '/data', RW: true }],
      NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] }, Networks: { podman: { IPAddress: '10.88.0.2' } } },
      Config: { Env: ['PATH=/bin', 'PASSWORD=hunter2'], Cmd: ['sh'], Entrypoint: '', Labels: null },
      HostConfig: { NetworkMode: 'bridge', RestartPolicy: { Name: '', MaximumRetryCount: 0 }, AutoRemove: true },
    };
    const shown = await dockerInspectContainer.run(recordingPodman({ run: JSON.stringify([entry]) }), { name: 'web' }, context);
    expect(shown).toMatchObject({
      Id: id,
      Name: '/web',
      Image: `sha256:${'c'.repeat(64)}`,
      State: { Status: 'exited', Running: false, ExitCode: 3 },
      Config: { Env: ['PATH=/bin', 'PASSWORD=***'], Entrypoint: null },
      HostConfig: { AutoRemove: true, NetworkMode: 'bridge' },
      NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }] }, Networks: { bridge: {} } },
    });
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|\/srv\/secret/);
  });

  it.each([
    [['app', 'podman'], 'bridge'],
    [['podman', 'web'], 'bridge'],
    [['app', 'web'], 'app'],
  ])('shows of the networks %j the mode %s', async (networks, mode) => {
    const entry = {
      Id: id,
      Name: 'web',
      State: { Status: 'running' },
      NetworkSettings: { Networks: Object.fromEntries(networks.map(network => [network, {}])) },
      Config: {},
      HostConfig: { NetworkMode: 'bridge', RestartPolicy: { Name: '' } },
    };
    const shown = await dockerInspectContainer.run(recordingPodman({ run: JSON.stringify([entry]) }), { name: 'web' }, context);
    expect(shown).toMatchObject({ HostConfig: { NetworkMode: mode } });
  });
});

describe('containers of pools', () => {
  const job = '{node}_01';
  const poolLabels = { 'podman-api.pool': `fast 1 boot store ${job}`, 'podman-api.job': job };
  const claim = {
    id,
    job: '{node}_02',
    name: 'web',
    formerName: 'pool-fast-1',
    isNamed: false,
    labels: { team: 'ci', 'podman-api.job': '{node}_02' },
    expiresAtMs: null,
  };
  const claimed: TaskContext = {
    ...context,
    pools: {
      ...noPools,
      get: given => (given === id.slice(0, 12) ? claim : undefined),
      findUnnamed: name => (name === 'web' ? claim : undefined),
    },
  };
  const listed = JSON.stringify({
    Id: id,
    Names: ['pool-fast-1'],
    State: 'running',
    Image: 'localhost/app:latest',
    Labels: poolLabels,
    ServiceLabels: poolLabels,
    Ports: null,
  });
  const inspected = JSON.stringify([
    {
      Id: id,
      Name: 'pool-fast-1',
      State: { Status: 'running' },
      NetworkSettings: {},
      Config: { Labels: poolLabels },
      HostConfig: { RestartPolicy: { Name: '' } },
    },
  ]);
  const list = (given: TaskContext) => dockerListContainers.run(recordingPodman({ shared: listed }), {}, given);
  const inspect = (given: TaskContext, name: string) =>
    dockerInspectContainer.run(recordingPodman({ run: inspected, shared: listed }), { name }, given);

  it('are not shown while they are idle', async () => {
    expect(await list(context)).toEqual([]);
    await expect(inspect(context, 'pool-fast-1')).rejects.toThrow('There is no container pool-fast-1.');
  });

  it('are shown with their public name and labels when they are claimed', async () => {
    expect(await list(claimed)).toMatchObject([{ Id: id, Names: ['/web'], Labels: { team: 'ci' } }]);
    expect(await inspect(claimed, 'web')).toMatchObject({ Id: id, Name: '/web', Config: { Labels: { team: 'ci' } } });
  });
});

describe('docker.list_containers', () => {
  const published = { host_ip: '', host_port: 8080, container_port: 80, range: 1, protocol: 'tcp' };
  const entry = (name: string, State: string) =>
    JSON.stringify({
      Id: id,
      Names: [name],
      State,
      Image: 'docker.io/library/nginx:1.29',
      ImageID: 'c',
      Command: null,
      Created: 1,
      Exited: State === 'exited',
      ExitCode: 0,
      Health: '',
      Labels: { team: 'ci' },
      ServiceLabels: {},
      Ports: null,
    });
  const podman = recordingPodman({ shared: `${entry('web', 'running')}\n${entry('old', 'exited')}\n` });
  const names = async (filters: object) =>
    (await dockerListContainers.run(podman, validateInput(dockerListContainers, filters), context)).map(container =>
      'Names' in container ? container.Names : [],
    );

  it.each([
    [{}, [['/web']]],
    [{ all: true }, [['/web'], ['/old']]],
    [{ status: ['exited'] }, [['/old']]],
    [{ name: ['^/web$'] }, [['/web']]],
    [{ all: true, name: ['l'] }, [['/old']]],
    [{ label: ['team=other'] }, []],
    [{ ancestor: ['nginx:1.29'] }, [['/web']]],
  ])('returns those that match %j', async (filters, expected) => {
    expect(await names(filters)).toEqual(expected);
  });

  it('shows no ports of containers that have stopped, as Docker', async () => {
    const states = ['running', 'paused', 'exited', 'stopped', 'created'];
    const lines = states.map(state => `${JSON.stringify({ ...JSON.parse(entry(state, state)), Ports: [published] })}\n`);
    const listed = await dockerListContainers.run(recordingPodman({ shared: lines.join('') }), { all: true }, context);
    const ports = [{ IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' }];
    expect(listed).toMatchObject([{ Ports: ports }, { Ports: ports }, { Ports: [] }, { Ports: [] }, { Ports: [] }]);
  });

  it('refuses a name that is a pattern of another kind', () => {
    expect(() => validateInput(dockerListContainers, { name: ['(a+)+$'] })).toThrow('must be a part of a name');
  });
});

describe('docker.attach', () => {
  it('discards output for a client that is gone, because nothing handles an error of the receiver', async () => {
    const entry = { Id: id, State: { Status: 'running' }, Config: {} };
    const podman: Podman = {
      ...recordingPodman({ run: JSON.stringify([entry]) }),
      attach: async (_command, { onOutput }) => onOutput('stdout', Buffer.from('output')),
    };
    const channel = { ...createChannel(Buffer.alloc(0)), write: () => Promise.reject(new Error('the channel is closed')) };
    const attached = dockerAttach.run(podman, { name: 'web', stdin: false }, { ...context, channel: async () => channel });
    await expect(attached).resolves.toEqual({ exit_code: null });
  });
});
