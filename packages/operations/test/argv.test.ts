import { describe, expect, it } from 'vitest';
import { addFile } from '../src/container/add-file/index.ts';
import { addUser } from '../src/container/add-user/index.ts';
import { readAllocation } from '../src/container/allocation.ts';
import { create } from '../src/container/create/index.ts';
import { exec } from '../src/container/exec/index.ts';
import { inspect } from '../src/container/inspect/index.ts';
import { list } from '../src/container/list/index.ts';
import { logs } from '../src/container/logs/index.ts';
import { remove } from '../src/container/remove/index.ts';
import { start } from '../src/container/start/index.ts';
import { stop } from '../src/container/stop/index.ts';
import { build } from '../src/image/build/index.ts';
import { callsOf, context, createChannel, recordingPodman } from './recording-podman.ts';

const argv = async (...call: Parameters<typeof callsOf>) => (await callsOf(...call)).map(({ args }) => args);
const label = '--label=podman-api.job=node_job';
const noProxy = '--http-proxy=false';
const mark = ['--env=PODMAN_API_JOB=node_job'];

describe('arguments of podman', () => {
  it('follow the input of start, stop, remove, list and logs', async () => {
    expect(await argv(start, { name: 'web' })).toEqual([['start', '--', 'web']]);
    expect(await argv(stop, { name: 'web' })).toEqual([['stop', '--time=10', '--', 'web']]);
    expect(await argv(stop, { name: 'web', timeout: '0' })).toEqual([['stop', '--time=0', '--', 'web']]);
    expect(await argv(remove, { name: 'web' }, { run: 'web\n' })).toEqual([['rm', '--volumes', '--', 'web']]);
    expect(await argv(remove, { name: 'web', force: '1' }, { run: 'web\n' })).toEqual([
      ['rm', '--force', '--time=0', '--volumes', '--', 'web'],
    ]);
    expect(await argv(list, {})).toEqual([
      ['ps', '--all', '--no-trunc', expect.stringMatching(/^--format=\{"Id":\{\{json \.ListContainer\.ID\}\},/)],
    ]);
    await expect(callsOf(inspect, { name: 'web' }, { run: '[]' })).rejects.toThrow();
  });

  it('lead to 404 if rm --force finds nothing', async () => {
    await expect(callsOf(remove, { name: 'web', force: true }, { run: '' })).rejects.toMatchObject({ status: 404 });
  });

  it('end with the command of a create', async () => {
    expect(await argv(create, { image: 'alpine', name: 'web' }, { run: '0123456789abcdef\n' })).toEqual([
      ['run', '--detach', noProxy, '--name=web', label, '--', 'alpine'],
    ]);
    expect(await argv(create, { image: 'alpine', name: 'web', command: 'echo "a b" -x' }, { run: 'id' })).toEqual([
      ['run', '--detach', noProxy, '--name=web', label, '--', 'alpine', 'echo', 'a b', '-x'],
    ]);
  });

  it('label a container with the quotas of its token, and leave the label out without tokens', async () => {
    const podman = recordingPodman({ run: 'id' });
    const input = { image: 'alpine', name: 'web', memory: '1k', cpus: '0.5' };
    await create.run(podman, input, { ...context, token: 'ci@example' });
    const [made] = podman.calls;
    const label = 'podman-api.token=ci@example 1024 0.5 node_job';
    expect(made?.args).toContain(`--label=${label}`);
    expect(readAllocation({ 'podman-api.job': 'node_job', 'podman-api.token': label.split('=')[1] ?? '' })).toEqual({
      job: 'node_job',
      token: 'ci@example',
      memory: 1024,
      cpus: 0.5,
    });
    // A label that the container has from its image belongs to another job.
    expect(readAllocation({ 'podman-api.job': 'node_other', 'podman-api.token': label.split('=')[1] ?? '' })).toBeUndefined();
  });

  it.each([
    [true, ['--memory=1024', '--cpu-period=100000', '--cpu-quota=50000']],
    [false, []],
  ])('limit a build only where podman can: %s', async (canLimit, expected) => {
    const podman = { ...recordingPodman({ run: '[{"Id":"0123456789abcdef","Size":1,"Config":{}}]' }), canLimitBuilds: () => canLimit };
    const channel = async () => createChannel(Buffer.alloc(0));
    await build.run(podman, { tag: 'localhost/app', memory: '1k', cpus: '0.5' }, { ...context, channel });
    const args = podman.calls.find(call => call.args[0] === 'build')?.args ?? [];
    expect(args.filter(arg => /^--(?:memory|cpu)/.test(arg))).toEqual(expected);
    expect(args).toContain('--isolation=oci');
  });

  it('have one word for each option of a create', async () => {
    const cases: readonly (readonly [object, readonly string[]])[] = [
      [{ user: '1000:1000' }, ['--user=1000:1000']],
      [{ entrypoint: 'tini --' }, ['--entrypoint=["tini","--"]']],
      [{ entrypoint: ['a b'] }, ['--entrypoint=["a b"]']],
      [{ entrypoint: '' }, ['--entrypoint=']],
      [{ work_dir: '/srv' }, ['--workdir=/srv']],
      [{ labels: { a: 'b=c', 'x.y/z': '' } }, ['--label=a=b=c', '--label=x.y/z=']],
      [{ hostname: 'box' }, ['--hostname=box']],
      [{ network: 'none' }, ['--network=none']],
      [{ restart_policy: 'always' }, ['--restart=always']],
      [{ memory: 1024 }, ['--memory=1024']],
      [{ memory: '64m' }, ['--memory=67108864']],
      [{ cpus: 0.5 }, ['--cpus=0.5']],
      [{ cpus: '1.50' }, ['--cpus=1.5']],
      [{ pids_limit: -1 }, ['--pids-limit=-1']],
      [{ cap_add: ['NET_ADMIN'], cap_drop: ['ALL'] }, ['--cap-add=NET_ADMIN', '--cap-drop=ALL']],
      [{ read_only: false }, ['--read-only=false']],
      [{ tmpfs: ['/a', '/b'] }, ['--tmpfs=/a', '--tmpfs=/b']],
      [{ tmpfs: { '/a': 'size=1m', '/b': '' } }, ['--tmpfs=/a:size=1m', '--tmpfs=/b']],
      [{ tmpfs: ['/a:size=64k,mode=1777'] }, ['--tmpfs=/a:size=64k,mode=1777']],
      [{ init: true }, ['--init=true']],
      [{ pull_policy: 'never' }, ['--pull=never']],
      // Podman would query a registry on the host's port 443.
      [{ image: 'localhost/app' }, ['--pull=never']],
      [{ image: 'localhost/app', pull_policy: 'missing' }, ['--pull=never']],
      [{ shm_size: '64m' }, ['--shm-size=67108864']],
      [{ ulimits: { nofile: 1024, core: { soft: 0, hard: -1 } } }, ['--ulimit=nofile=1024:1024', '--ulimit=core=0:-1']],
      [{ stop_signal: 'int' }, ['--stop-signal=SIGINT']],
      [{ extra_hosts: ['db:10.0.0.5', 'v6=[fd00::1]'] }, ['--add-host=db:10.0.0.5', '--add-host=v6:fd00::1']],
      [{ extra_hosts: { gw: 'host-gateway' } }, ['--add-host=gw:host-gateway']],
      [{ dns: ['9.9.9.9', 'fd00::53'] }, ['--dns=9.9.9.9', '--dns=fd00::53']],
      [{ platform: 'linux/arm/v7' }, ['--platform=linux/arm/v7']],
      [{ runtime: 'crun' }, ['--runtime=crun']],
      [
        { healthcheck: { test: 'test -e "/ready"', interval: 10, timeout: 2, retries: 5, start_period: 0 } },
        [
          '--health-cmd=["CMD-SHELL","test -e \\"/ready\\""]',
          '--health-interval=10s',
          '--health-timeout=2s',
          '--health-retries=5',
          '--health-start-period=0s',
        ],
      ],
      [{ healthcheck: { test: ['CMD', 'curl', '-f', 'http://localhost'] } }, ['--health-cmd=["curl","-f","http://localhost"]']],
      [{ healthcheck: { test: ['/check'] } }, ['--health-cmd=CMD /check']],
      [{ healthcheck: { test: ['CMD-SHELL', 'true'] } }, ['--health-cmd=["CMD-SHELL","true"]']],
      [{ healthcheck: { test: ['NONE'] } }, ['--no-healthcheck']],
      [{ healthcheck: { disable: true } }, ['--no-healthcheck']],
      [{ ports: { '8080': '80' } }, ['--publish=8080:80/tcp']],
      [{ ports: ['8000-8002:80-82/udp'] }, ['--publish=8000-8002:80-82/udp']],
      [{ volumes: { data: '/data' } }, ['--volume=data:/data:rw']],
      [{ volumes: ['/data', 'name:/x:ro,Z'] }, ['--volume=/data', '--volume=name:/x:ro,Z']],
    ];
    for (const [option, expected] of cases) {
      const [args = []] = await argv(create, { image: 'alpine', name: 'web', ...option }, { run: 'id' });
      expect(args.slice(5, -2)).toEqual(expected);
    }
  });

  it('run an exec’s string by sh, and its list as it is', async () => {
    expect(await argv(exec, { name: 'web', command: 'echo $HOME' })).toEqual([['exec', ...mark, '--', 'web', 'sh', '-c', 'echo $HOME']]);
    expect(await argv(exec, { name: 'web', command: ['--help'], user: 'app', work_dir: '/srv' })).toEqual([
      ['exec', ...mark, '--user=app', '--workdir=/srv', '--', 'web', '--help'],
    ]);
  });

  it('contain no secret', async () => {
    const secret = 'canary';
    const calls = [
      ...(await callsOf(create, { image: 'alpine', name: 'web', environment: { A: secret, B: `${secret}\n` } }, { run: 'id' })),
      ...(await callsOf(exec, { name: 'web', command: 'true', stdin: secret, environment: { A: secret, B: `${secret}\n` } })),
      ...(await callsOf(addUser, { name: 'web', username: 'u', password: secret }, { line: 'created' })),
      ...(await callsOf(addFile, { name: 'web', dest_path: '/x', content: secret })),
    ];
    const starts = calls.filter(({ args }) => args[0] === 'start');
    expect([calls.length, starts.length]).toEqual([5, 1]);
    for (const { args, options } of calls.filter(call => !starts.includes(call))) {
      expect(args.join(' ')).not.toContain(secret);
      expect(JSON.stringify([options.file, options.env, String(options.stdin)])).toContain(secret);
    }
  });

  it('start a container without the caller’s variables in podman’s own environment, which netavark gets too', async () => {
    const [made, started] = await callsOf(create, { image: 'alpine', name: 'web', environment: { LINES: 'a\nb' } }, { run: 'id' });
    expect(made?.args).toEqual(['create', noProxy, '--name=web', label, '--env', 'LINES', '--', 'alpine']);
    expect(made?.options.env).toMatchObject({ LINES: 'a\nb' });
    expect(started?.args).toEqual(['start', '--', 'id']);
    expect(started?.options.env).toEqual({ PODMAN_API_PODMAN_OF: 'node_job' });
    const orders = { image: 'alpine', name: 'web', environment: { XTABLES_LIBDIR: '/x:\n' } };
    await expect(callsOf(create, orders, { run: 'id' })).rejects.toMatchObject({ status: 400 });
  });

  it('cannot get a flag from an input', async () => {
    for (const [operation, input] of [
      [start, { name: '--all' }],
      [create, { image: '--privileged', name: 'web' }],
      [create, { image: 'alpine', name: '--x' }],
      [exec, { name: 'web', command: 'true', user: '--privileged' }],
      [logs, { name: 'web', tail: '--follow' }],
      [logs, { name: 'web', since: '-f' }],
      [addUser, { name: 'web', username: '--root' }],
    ] as const) {
      await expect(callsOf(operation, input)).rejects.toMatchObject({ status: 400 });
    }
  });
});
