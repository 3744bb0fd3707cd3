import { describe, expect, it } from 'vitest';
import { toDetails } from '../src/container/inspect/details.ts';
import { list } from '../src/container/list/index.ts';
import type { InspectEntry } from '../src/container/lookup/inspect-entry.ts';
import { context, recordingPodman } from './recording-podman.ts';

type Config = Partial<InspectEntry['Config']>;

const entry = (changes: Partial<InspectEntry> = {}, config: Config = {}): InspectEntry => ({
  Id: '0123456789abcdef',
  Created: '2026-01-05T09:30:00Z',
  Path: 'sleep',
  Args: ['300'],
  Name: 'web',
  Image: 'fedcba9876543210',
  ImageName: 'x',
  RestartCount: 0,
  State: {
    Status: 'running',
    Pid: 1,
    OOMKilled: false,
    ExitCode: 0,
    Error: '',
    StartedAt: '2026-01-05T09:30:01Z',
    FinishedAt: '0001-01-01T00:00:00Z',
  },
  Mounts: null,
  NetworkSettings: { Ports: null, Networks: null },
  Config: { Hostname: 'h', User: '', Env: null, Cmd: ['sleep', '300'], Entrypoint: '', WorkingDir: '/', Labels: null, ...config },
  HostConfig: {
    NetworkMode: 'bridge',
    RestartPolicy: { Name: '', MaximumRetryCount: 0 },
    ReadonlyRootfs: false,
    Memory: 0,
    NanoCpus: 0,
    PidsLimit: 0,
    CapAdd: null,
    CapDrop: null,
  },
  ...changes,
});
const details = (changes: Partial<InspectEntry>, config: Config) =>
  toDetails(entry(changes, config), 'node', context.renewals, undefined, undefined);

describe('command and entrypoint of container.inspect', () => {
  // What podman 4.3 prints; podman 5 prints the entrypoint as a list.
  it.each([
    ['one word', 'cat', ['cat'], '', ['cat'], [], ['cat']],
    ['one word twice', 'cat', ['cat'], '', ['cat', 'cat'], [], ['cat', 'cat']],
    ['an entrypoint of one word', 'cat', ['cat'], 'cat', null, ['cat'], []],
    ['an entrypoint, and a command of the same word', 'cat', ['cat'], 'cat', ['cat'], ['cat'], ['cat']],
    ['an entrypoint of the same word twice', 'cat', ['cat'], 'cat cat', null, ['cat', 'cat'], []],
    ['an entrypoint with spaces', 'a b', ['c', 'd'], 'a b c', ['d'], ['a b', 'c'], ['d']],
    ['an entrypoint that is a list', 'tini', ['--', 'cat'], ['tini', '--'], ['cat'], ['tini', '--'], ['cat']],
    ['no arguments', 'cat', null, [], ['cat'], [], ['cat']],
    ['an init process', '/run/podman-init', ['--', 'cat'], '', ['cat'], [], ['cat']],
    ['an init process and an entrypoint', '/run/podman-init', ['--', 'tini', '--', 'cat'], 'tini --', ['cat'], ['tini', '--'], ['cat']],
  ] as const)('are separated: %s', (_case, Path, Args, Entrypoint, Cmd, entrypoint, command) => {
    expect(details({ Path, Args }, { Cmd, Entrypoint })).toMatchObject({ entrypoint, command });
  });
});

describe('health of container.inspect', () => {
  it.each([
    ['running', undefined, 'none'],
    ['running', '', 'none'],
    ['running', 'starting', 'starting'],
    ['paused', 'unhealthy', 'unhealthy'],
    ['exited', 'healthy', 'none'],
    ['exited', 'stopped', 'none'],
  ])('of a container that is %s with the health %j is %s', (Status, printed, health) => {
    const state = { ...entry().State, Status, ...(printed !== undefined && { Health: { Status: printed } }) };
    expect(details({ State: state }, {})).toMatchObject({ health });
  });
});

describe('the address of a published port on all addresses', () => {
  const port = { host_ip: '0.0.0.0', host_port: 8080, container_port: 80, protocol: 'tcp' };

  it.each(['', '0.0.0.0'])('is 0.0.0.0 in container.inspect if podman prints %j', HostIp => {
    const Ports = { '80/tcp': [{ HostIp, HostPort: '8080' }] };
    expect(details({ NetworkSettings: { Ports, Networks: null } }, {}).ports).toEqual([port]);
  });

  it.each(['', '0.0.0.0'])('is 0.0.0.0 in container.list if podman prints %j', async host_ip => {
    const Ports = [{ host_ip, container_port: 80, host_port: 8080, range: 1, protocol: 'tcp' }];
    const shared = JSON.stringify({ Id: '0123456789abcdef', Names: ['web'], Created: 1, Labels: null, ServiceLabels: {}, Ports });
    expect(await list.run(recordingPodman({ shared }), {}, context)).toMatchObject([{ ports: [port] }]);
  });
});
