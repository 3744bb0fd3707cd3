import { callAllNodes, findLimitsWarning, images, sharedService, skipWithoutLimits, testPodman } from '@podman-api/testing';
import { uniqueContainerName, uniqueVolumeName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const { call } = sharedService();

/** Creates a container of the image `busybox`, without a network, that sleeps. */
const create = async (options: object) => {
  const name = uniqueContainerName();
  const body = { image: images.busybox, name, command: ['sleep', '600'], network: 'none', ...options };
  return { ...(await call('POST', '/containers', body)), name };
};
const inspect = async (name: string) => (await call('GET', `/containers/${name}`)).field('container');
const run = async (name: string, command: string) =>
  (await call('POST', `/containers/${name}/exec`, { command })).field('execution.stdout');
const refusal = (field: string, words: string) => ({
  status: 400,
  body: { error: { type: 'ValidationError', details: [{ path: field, message: expect.stringContaining(words) }] } },
});

describe('POST /containers with values as people write them', () => {
  it('accepts an entrypoint, volumes with z, and those without a name, which are removed with the container', async () => {
    const volume = uniqueVolumeName();
    const { status, name } = await create({ volumes: [`${volume}:/named:ro,z`, '/data'], entrypoint: ['sleep'], command: ['600'] });
    expect(status).toBe(201);
    expect(await inspect(name)).toMatchObject({
      volumes: expect.arrayContaining([
        { type: 'volume', name: volume, target: '/named', mode: 'ro' },
        { type: 'volume', name: expect.stringMatching(/^[0-9a-f]{64}$/), target: '/data', mode: 'rw' },
      ]),
    });
    const format = '--format={{range .Mounts}}{{.Name}}\n{{end}}';
    const names = (await testPodman().run(['container', 'inspect', format, '--', name])).trim().split('\n');
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
    const left = (await testPodman().run(['volume', 'ls', '--quiet'])).split('\n');
    expect(names.filter(one => left.includes(one))).toEqual([volume]);
  });

  it('accepts options of a tmpfs after a colon, names of variables with dots, and an empty entrypoint', async () => {
    const { status, name } = await create({
      tmpfs: ['/small:size=64k', '/other'],
      environment: { 'app.mode': 'x', PLAIN: 'y' },
      entrypoint: '',
      command: 'sleep 600',
    });
    expect(status).toBe(201);
    expect(await run(name, `df -k /small | awk 'NR == 2 { print $2 }'`)).toBe('64\n');
    // A shell in the container gets no variable whose name has a dot.
    const seen = await run(name, `tr '\\0' '\\n' </proc/1/environ | grep -E '^(app.mode|PLAIN)=' | sort`);
    expect(seen).toBe('PLAIN=y\napp.mode=x\n');
    expect(await inspect(name)).toMatchObject({ entrypoint: [], command: ['sleep', '600'] });
  });

  it('publishes ranges of ports, and shows the same address in every response', async () => {
    const { status, name, field } = await create({ network: undefined, ports: ['80-82', '90/udp'] });
    expect(status).toBe(201);
    const port = (container_port: number, protocol = 'tcp') => ({
      host_ip: '0.0.0.0',
      host_port: expect.any(Number),
      container_port,
      protocol,
    });
    const published = expect.arrayContaining([port(80), port(81), port(82), port(90, 'udp')]);
    expect(field('container.ports')).toEqual(published);
    expect(await inspect(name)).toMatchObject({ ports: published });
    expect((await callAllNodes(call, 'GET', `/containers?name=${name}`)).body).toMatchObject({ containers: [{ ports: published }] });
  });

  it('reports a command of one word once, without an entrypoint', async () => {
    const { status, name } = await create({ command: ['cat'], entrypoint: '' });
    expect(status).toBe(201);
    expect(await inspect(name)).toMatchObject({ command: ['cat'], entrypoint: [] });
  });

  it('sets shm_size, ulimits, stop_signal, extra_hosts, dns, platform and healthcheck', async () => {
    const platform = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;
    const { status, name } = await create({
      network: 'bridge',
      shm_size: '1m',
      ulimits: { nofile: { soft: 100, hard: 200 }, nproc: 4000, core: 0 },
      stop_signal: 'USR1',
      extra_hosts: ['db:10.0.0.5', 'v6=[fd00::1]'],
      dns: ['9.9.9.9'],
      platform,
      healthcheck: { test: ['CMD', 'test', '-e', '/ready'], interval: 3600, timeout: 5, retries: 2, start_period: 7 },
    });
    expect(status).toBe(201);
    const seen = await run(name, `df -k /dev/shm | awk 'NR == 2 { print $2 }'; cat /proc/1/limits /etc/hosts /etc/resolv.conf`);
    expect(seen).toMatch(/^1024\n/);
    expect(seen).toMatch(/^Max open files +100 +200 /m);
    expect(seen).toMatch(/^Max core file size +0 +0 /m);
    expect(seen).toMatch(/^10\.0\.0\.5\s+db$/m);
    expect(seen).toMatch(/^fd00::1\s+v6$/m);
    expect(seen).toMatch(/^nameserver 9\.9\.9\.9$/m);
    const format = '--format={{.Config.StopSignal}} {{json .Config.Healthcheck}}';
    const [signal, ...check] = (await testPodman().run(['container', 'inspect', format, '--', name])).split(' ');
    expect(['10', 'SIGUSR1']).toContain(signal);
    expect(JSON.parse(check.join(' '))).toEqual({
      Test: ['CMD', 'test', '-e', '/ready'],
      Interval: 3600e9,
      Timeout: 5e9,
      Retries: 2,
      StartPeriod: 7e9,
    });
    expect(await inspect(name)).toMatchObject({ health: expect.stringMatching(/^(starting|healthy|unhealthy)$/) });
  });

  it.for([
    ['512M', 512 * 1024 ** 2],
    ['0.5g', 512 * 1024 ** 2],
  ] as const)('sets the memory %s and the CPUs "0.5"', async ([memory, bytes], { skip }) => {
    const limitsWarning = findLimitsWarning();
    skip(limitsWarning !== undefined, limitsWarning);
    const { status, name } = await create({ memory, cpus: '0.5' });
    expect(status).toBe(201);
    expect(await inspect(name)).toMatchObject({ memory: bytes, cpus: 0.5 });
  });
});

describe('POST /containers with what podman refuses', () => {
  it('returns 400 with the field and leaves nothing', async () => {
    const cases: readonly (readonly [options: object, field: string, words: string])[] = [
      [{ image: 'sha256:abc' }, 'image', 'sha256:'],
      [{ image: 'LOCALHOST/x' }, 'image', 'lower case'],
      [{ image: `sha256:${'0'.repeat(63)}` }, 'image', 'sha256:'],
      [{ volumes: ['/a', '/a/'] }, 'volumes', '"/a" is the target of two volumes'],
      [{ volumes: ['/a'], tmpfs: ['/a'] }, 'volumes', '/a is the target of two'],
      [{ ports: ['18080:80', '18080:81'] }, 'ports', '18080 and 18080'],
      [{ entrypoint: '', command: undefined }, 'command', 'the image has no default command'],
      [{ tmpfs: ['/x:foo=1'] }, 'tmpfs', 'foo=1'],
      [{ tmpfs: { '/x': 'size=huge' } }, 'tmpfs', '/x'],
      [{ dns: ['9.9.9.9'] }, 'dns', 'the network none'],
      [{ ulimits: { rtprio: 1 } }, 'ulimits.rtprio', 'not a limit that can be set'],
      [{ healthcheck: { interval: 5 } }, 'healthcheck', 'test is missing'],
      [{ command: 'cd /tmp && ls' }, 'command', '["sh", "-c", "..."]'],
      [{ command: 'sh', entrypoint: 'echo $HOME' }, 'entrypoint', '"$HOME"'],
    ];
    const responses = await Promise.all(cases.map(([options]) => create(options)));
    for (const [index, [options, field, words]] of cases.entries())
      expect(responses[index], JSON.stringify(options)).toMatchObject(refusal(field, words));
    const listed = await testPodman().run(['ps', '--all', '--format={{.Names}}']);
    expect(responses.filter(({ name }) => listed.includes(name))).toEqual([]);
  });

  it('returns 400 for less memory than the runtime needs', async context => {
    skipWithoutLimits(context);
    expect(await create({ memory: '64k' })).toMatchObject(refusal('memory', 'too little'));
  });

  it('says where a misplaced field belongs, and suggests the name of a misspelled one', async () => {
    const body = { image: images.busybox, env: {}, dry_run: true };
    const response = await call('POST', '/containers?image=x&dryrun=1', body);
    expect(response.body).toMatchObject({
      error: {
        details: expect.arrayContaining([
          { path: 'image', message: 'image belongs in the JSON body, not in the query' },
          { path: 'dryrun', message: 'dryrun is not a query parameter of this route (did you mean dry_run?)' },
          { path: 'dry_run', message: 'dry_run belongs in the query (?dry_run=...), not in the body' },
          { path: 'env', message: 'env is not a known field (did you mean environment?)' },
        ]),
      },
    });
  });
});
