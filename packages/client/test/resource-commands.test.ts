import { describe, expect, it } from 'vitest';
import { useFakeApi } from './in-process.ts';

const fakeApi = useFakeApi();

/** Answers of a job that succeeds. */
const succeeding = (line: string, result: object) => ({
  [line]: { job: { id: 'j' } },
  'GET /jobs/j': { job: { id: 'j', status: 'succeeded', result } },
});

describe('volume and network ls', () => {
  it('list with filters, and print names with -q', async () => {
    const { run, requests } = await fakeApi({
      'GET /volumes': { volumes: [{ name: 'data', driver: 'local', node: 'a' }], unreachable: [] },
      'GET /networks': { networks: [{ id: '2f259bab93aa', name: 'backend', driver: 'bridge', node: 'a' }], unreachable: ['b'] },
    });
    const flags = ['-f', 'dangling=true', '-f', 'name=da', '-f', 'label=x', '--node', 'a'];
    expect((await run('volume', 'ls', ...flags)).stdout).toBe('DRIVER  VOLUME NAME  NODE\nlocal   data         a\n');
    expect(requests[0]?.line).toBe('GET /volumes?label=x&name=da&dangling=true&node=a');
    expect(await run('volume', 'ls', '-q')).toMatchObject({ stdout: 'data\n' });
    expect(await run('network', 'ls')).toMatchObject({
      stdout: 'NETWORK ID    NAME     DRIVER  NODE\n2f259bab93aa  backend  bridge  a\n',
      stderr: 'podman-api: these nodes did not answer, and their networks are missing: b\n',
    });
  });
});

describe('volume create', () => {
  it('sends its flags and prints the name', async () => {
    const { run, changes } = await fakeApi(succeeding('POST /volumes', { name: 'data' }));
    const flags = ['-l', 'team=ci', '-o', 'type=tmpfs', '-o', 'device=tmpfs', '--selector', 'zone=b'];
    expect(await run('volume', 'create', ...flags, 'data')).toMatchObject({ code: 0, stdout: 'data\n' });
    const options = { type: 'tmpfs', device: 'tmpfs' };
    expect(changes()).toEqual([['POST /volumes', { name: 'data', labels: { team: 'ci' }, options, node_selector: { zone: 'b' } }]]);
  });
});

describe('network create', () => {
  it('sends its flags and prints the name', async () => {
    const { run, changes } = await fakeApi(succeeding('POST /networks', { name: 'backend' }));
    const flags = ['--subnet', '10.89.7.0/24', '--internal', '--disable-dns', '-o', 'mtu=1400', '-o', 'isolate=true', '--node', 'a'];
    expect(await run('network', 'create', ...flags, 'backend')).toMatchObject({ code: 0, stdout: 'backend\n' });
    const body = { subnet: '10.89.7.0/24', internal: true, dns_enabled: false, options: { mtu: 1400, isolate: true }, node: 'a' };
    expect(changes()).toEqual([['POST /networks', { name: 'backend', ...body }]]);
  });

  it.each([['mtu=big'], ['isolate=1'], ['com.docker.network.bridge.name=x']])('refuses the option %j', async option => {
    const { run, requests } = await fakeApi({});
    expect(await run('network', 'create', '-o', option, 'n')).toMatchObject({ code: 240, stderr: expect.stringContaining('--opt') });
    expect(requests).toEqual([]);
  });
});

describe('network connect and disconnect', () => {
  it('send the container, and print its name', async () => {
    const { run, changes } = await fakeApi({
      ...succeeding('POST /networks/n/connect', {}),
      'POST /networks/n/disconnect': { job: { id: 'j' } },
    });
    expect(await run('network', 'connect', '--alias', 'db', 'n', 'box')).toMatchObject({ code: 0, stdout: 'box\n' });
    expect(await run('network', 'disconnect', '--force', 'n', 'box')).toMatchObject({ code: 0, stdout: 'box\n' });
    expect(changes()).toEqual([
      ['POST /networks/n/connect', { container: 'box', aliases: ['db'] }],
      ['POST /networks/n/disconnect', { container: 'box', force: true }],
    ]);
    expect(await run('network', 'connect', 'n')).toMatchObject({ code: 240 });
  });
});

describe.each(['volume', 'network'])('%s rm, inspect and prune', noun => {
  it('act on each name, and on all that is unused', async () => {
    const { run, changes, requests } = await fakeApi({
      ...succeeding(`DELETE /${noun}s/a`, {}),
      [`GET /${noun}s/a`]: { [noun]: { name: 'a' } },
      [`POST /${noun}s/prune`]: { [`${noun}s`]: [{ name: 'old' }], unreachable: [] },
    });
    expect(await run(noun, 'rm', '--node', 'n', 'missing', 'a')).toMatchObject({ code: 241, stdout: 'a\n' });
    expect(JSON.parse((await run(noun, 'inspect', '--node', 'n', 'a')).stdout)).toEqual([{ name: 'a' }]);
    expect(requests.at(-1)?.line).toBe(`GET /${noun}s/a?node=n`);
    expect(await run(noun, 'prune')).toMatchObject({ code: 240, stderr: expect.stringMatching(/This removes all .*--force/) });
    expect(await run(noun, 'prune', '--force', '--filter', 'label=x')).toMatchObject({ code: 0, stdout: 'old\n' });
    expect(changes().at(-1)).toEqual([`POST /${noun}s/prune`, { label: ['x'] }]);
  });
});

describe('top', () => {
  it('prints the processes', async () => {
    const one = {
      pid: 1,
      ppid: 0,
      user: 'root',
      state: 'S',
      cpu_percent: 0.1,
      elapsed_seconds: 3725.4,
      rss: 7_340_032,
      command: 'sh\x1b[2J',
    };
    const { run } = await fakeApi({
      'GET /containers/box/top': { container: { processes: [one, { ...one, pid: 2, elapsed_seconds: 65 }], truncated: true } },
    });
    const { stdout, stderr } = await run('top', 'box');
    expect(stdout).toBe(
      [
        'USER  PID  PPID  STATE  %CPU  ELAPSED  RSS      COMMAND',
        'root  1    0     S      0.1   1:02:05  7.34 MB  sh\\x1b[2J',
        'root  2    0     S      0.1   01:05    7.34 MB  sh\\x1b[2J',
        '',
      ].join('\n'),
    );
    expect(stderr).toMatch(/more processes/);
  });
});

describe('diff', () => {
  it('prints the change letters A, C and D', async () => {
    const changes = [
      { kind: 'added', path: '/a\n' },
      { kind: 'changed', path: '/b' },
      { kind: 'deleted', path: '/c' },
    ];
    const { run } = await fakeApi({ 'GET /containers/box/changes': { container: { changes, truncated: false } } });
    expect(await run('diff', 'box')).toMatchObject({ code: 0, stdout: 'A /a\\x0a\nC /b\nD /c\n', stderr: '' });
    expect(JSON.parse((await run('diff', '--format', 'json', 'box')).stdout)).toEqual(changes);
  });
});

describe('commit', () => {
  it('sends its flags and prints the id of the image', async () => {
    const { run, changes } = await fakeApi(succeeding('POST /containers/box/commit', { id: 'ab13f7e2c9d0' }));
    expect(await run('commit', '-m', 'why', '-a', 'me', '-c', 'USER 7', '--no-pause', 'box', 'box:1')).toMatchObject({
      code: 0,
      stdout: 'ab13f7e2c9d0\n',
    });
    const body = { reference: 'box:1', message: 'why', author: 'me', changes: ['USER 7'], pause: false };
    expect(changes()).toEqual([['POST /containers/box/commit', body]]);
  });
});

describe('update', () => {
  it('sends the limits, and says if they do not stay', async () => {
    const { run, changes } = await fakeApi(succeeding('POST /containers/box/update', { name: 'box', persistent: false }));
    expect(await run('update', '-m', '256m', '--cpus', '0.5', '--pids-limit=-1', 'box')).toMatchObject({
      code: 0,
      stdout: 'box\n',
      stderr: expect.stringContaining('until it stops'),
    });
    expect(changes()).toEqual([['POST /containers/box/update', { memory: '256m', cpus: 0.5, pids_limit: -1 }]]);
    expect(await run('update', 'box')).toMatchObject({ code: 240 });
  });
});

describe('container prune', () => {
  it('prints what was removed, and exits with 242 if podman could not remove all', async () => {
    const kept = { name: 'kept', removed: false, error: 'it is in use' };
    const { run, changes } = await fakeApi({
      'POST /containers/prune': { containers: [{ name: 'gone', removed: true, error: null }, kept], unreachable: [] },
    });
    expect(await run('container', 'prune', '--force', '--filter', 'until=24h', '--filter', 'label=a')).toMatchObject({
      code: 242,
      stdout: 'gone\n',
      stderr: 'podman-api: kept was not removed: it is in use\n',
    });
    expect(changes()).toEqual([['POST /containers/prune', { until: '24h', label: ['a'] }]]);
  });
});

describe('events', () => {
  const died = {
    id: '5-0',
    event: 'container',
    action: 'died',
    resource_id: '91ef0af61f39',
    name: 'box',
    image: null,
    node: 'a',
    time: '2026-11-29T00:00:00.000Z',
    exit_code: 3,
    health: null,
  };
  const end = { id: '5-1', event: 'error', message: 'The end of the test.', code: 403, type: 'ForbiddenError' };

  it('prints events and gaps, and sends its filters', async () => {
    const gap = { id: '4-0', event: 'gap', reason: 'missed', node: 'a', time: died.time };
    const { run, requests } = await fakeApi({ 'GET /events': [{ id: '', event: 'ping' }, gap, died, end] });
    expect(await run('events', '-f', 'type=container', '-f', 'container=box', '-f', 'node=a', '--since', '10m')).toMatchObject({
      code: 241,
      stdout: '2026-11-29T00:00:00.000Z container died 91ef0af61f39 (name=box, node=a, exit_code=3)\n',
      stderr:
        'podman-api: events of a may be missing here: list the resources again for their current state.\npodman-api: The end of the test.\n',
    });
    expect(requests[0]?.line).toBe('GET /events?type=container&container=box&node=a&since=10m');
  });

  it('prints lines of JSON, and continues after an id', async () => {
    const { run, requests } = await fakeApi({ 'GET /events': [died, end] });
    expect(JSON.parse((await run('events', '--format', 'json', '--after', '4-0')).stdout)).toEqual(died);
    expect(requests[0]?.headers['last-event-id']).toBe('4-0');
    expect(await run('events', '--filter', 'type=pod')).toMatchObject({ code: 240 });
    expect(await run('events', '--after', '4-0', '--since', '1h')).toMatchObject({ code: 240 });
  });
});

describe('token', () => {
  it('prints scopes, quotas and their use', async () => {
    const quotas = { max_containers: 10, max_memory: 4_294_967_296, max_cpus: null, max_running_jobs: null, max_ttl: 3600 };
    const usage = { containers: 3, memory: 1_610_612_736, cpus: 1.5, running_jobs: null };
    const own = { name: 'ci', scopes: ['containers:write', 'exec'], created_at: '', expires_at: null, quotas, usage };
    const { run } = await fakeApi({ 'GET /tokens/self': { token: own } });
    expect((await run('token')).stdout).toBe(
      [
        'Name:     ci',
        'Scopes:   containers:write, exec',
        'Expires:  never',
        '',
        'QUOTA         USED     LIMIT',
        'containers    3        10',
        'memory        1.61 GB  4.29 GB',
        'cpus          1.5      none',
        'running jobs           none',
        'ttl                    3600 s',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run('token', '--format', 'json')).stdout)).toEqual(own);
  });
});
