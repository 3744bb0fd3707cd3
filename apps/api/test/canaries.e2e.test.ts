import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { images, type Service, startApp, startChild, startService, type TestChild, testPodman, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everything, monitor, onDisk } from './canaries/redis.ts';
import { createCanaries, disguises, foundIn } from './canaries/texts.ts';
import { createTestPools, specification } from './pools/test-pools.ts';
import { openTerminal } from './terminals/terminal-client.ts';
import { packFiles } from './transfers/pack-files.ts';
import { filesPath, transfer } from './transfers/transfer-client.ts';

const { mark, canary } = createCanaries();
const decoy = `decoy-${mark.slice(6)}`;
const watcher = fileURLToPath(new URL('./canaries/watch-arguments.ts', import.meta.url));

let service: Service;
let name: string;
let watch: TestChild;
let redis: Awaited<ReturnType<typeof monitor>>;
/** Bodies of answers that must hold no secret: all but those with the output of a command. */
const answers: string[] = [];

beforeAll(async () => {
  // The proxy is never used: images are pulled from loopback only.
  const proxy = `http://user:${canary()}@127.0.0.1:9`;
  const proxies = { HTTPS_PROXY: proxy, http_proxy: proxy, ALL_PROXY: proxy };
  service = await startService({ DEBUG: 'true', ALLOWED_IMAGES: '*,127.0.0.1:9/*', ...proxies });
  redis = await monitor(service.redis.servers);
  watch = startChild(process.execPath, [watcher], { WATCHED: [decoy, ...disguises(mark)].join(',') });
  name = await startContainer(images.busybox);
});
afterAll(async () => {
  redis.end();
  await watch.end('SIGKILL');
  await service.stop();
});

const ask = async (method: string, path: string, body?: object, headers?: Record<string, string>) => {
  const answer = await service.call(method, path, body, headers);
  answers.push(JSON.stringify(answer.body));
  return answer;
};
const environment = () => ({ LINE: canary(), LINES: `${canary()}\n${canary()}`, LONG: canary().repeat(3000) });

/*
 * 1. Sends secrets in every field that takes one, in requests that succeed, fail and lose their worker.
 * 2. Searches for them wherever they must not be.
 */
describe('secrets', () => {
  it('would be seen in the arguments of a process', async () => {
    const quiet = startChild(process.execPath, ['--eval', 'setInterval(() => {}, 60_000)', decoy]);
    await watch.says(`found ${decoy} in ${quiet.process.pid}`);
    await quiet.end('SIGKILL');
  });

  it('are accepted by requests that succeed', async () => {
    const own = ownName();
    const made = { image: images.busybox, name: own, network: 'none', command: 'sleep 600', environment: environment() };
    expect(await ask('POST', '/containers', made, { 'Idempotency-Key': 'create' })).toMatchObject({ status: 201 });
    expect(await ask('POST', `/containers/${name}/users`, { username: 'app', password: canary() })).toMatchObject({ status: 201 });
    const file = { dest_path: '/secret', content: canary() };
    expect(await ask('POST', `/containers/${name}/files`, file, { 'Idempotency-Key': 'file' })).toMatchObject({ status: 201 });
    const encoded = { dest_path: '/encoded', encoding: 'base64', content: Buffer.from(canary()).toString('base64') };
    expect(await ask('POST', `/containers/${name}/files`, encoded)).toMatchObject({ status: 201 });
    await ask('POST', `/containers/${name}/stop?timeout=0`);
    expect(await ask('POST', `/containers/${name}/files`, { ...file, content: canary() })).toMatchObject({ status: 201 });
    await ask('POST', `/containers/${name}/start`);
    // The output of a command may hold secrets for its caller; in Redis it is sealed.
    const loud = { command: 'cat; env; for i in 1 2 3; do echo "$LONG"; done', stdin: canary(), environment: environment() };
    const echoed = await service.call('POST', `/containers/${name}/exec`, loud);
    expect(echoed.field('execution.stdout')).toContain(mark);
    const run = {
      image: images.busybox,
      command: ['sh', '-c', 'cat - /secret; env >/out; echo "$LONG" >&2'],
      files: [{ path: '/secret', content: canary() }],
      outputs: ['/out', '/secret'],
      stdin: canary(),
      environment: environment(),
    };
    const ran = await service.call('POST', '/runs', run, { 'Idempotency-Key': 'run' });
    expect([ran.field('run.stdout'), ran.field('run.files.0.content')]).toEqual([
      expect.stringContaining(mark),
      expect.stringContaining(mark),
    ]);
    expect(await ask('GET', `/containers/${own}`)).toMatchObject({ status: 200 });
    await ask('GET', '/containers');
    await ask('GET', '/jobs?limit=500');
    expect(leaksOfInspect(await testPodman().run(['container', 'inspect', own, name]))).toEqual([]);
  });

  it('are accepted as contents of files, archives, builds and images, and as arguments of a build', async () => {
    const { url } = service;
    const content = canary();
    const target = filesPath(name, '/uploaded');
    expect((await transfer(url, 'PUT', target, { body: content })).status).toBe(201);
    expect((await transfer(url, 'GET', target)).bytes.toString()).toBe(content);
    const folder = filesPath(name, '/', {}, 'archive');
    expect((await transfer(url, 'PUT', folder, { body: await packFiles({ 'packed/file': canary() }) })).status).toBe(200);
    expect((await transfer(url, 'GET', filesPath(name, '/packed', {}, 'archive'))).bytes.toString()).toContain(mark);
    expect((await transfer(url, 'PUT', folder, { body: `${canary()} is no archive` })).status).toBe(400);

    const tag = `localhost/${ownName()}:1`;
    const query = new URLSearchParams([
      ['tag', tag],
      ['build_arg', `TOKEN=${canary()}`],
      ['build_arg', `LINES=${canary()}\n${canary()}`],
    ]);
    const Containerfile = `FROM ${images.bare}\nARG TOKEN\nARG LINES\nCOPY secret /secret\n# ${canary()}\n`;
    const build = (more: object) => packFiles({ Containerfile, secret: canary(), ...more });
    const built = await transfer(url, 'POST', `/images/build?${query}`, { body: await build({}) });
    expect(built.status).toBe(201);
    const exported = await transfer(url, 'GET', `/images/export?${new URLSearchParams({ reference: tag })}`);
    expect(exported.bytes.includes(mark)).toBe(true);
    const loaded = await transfer(url, 'POST', '/images/load', { body: new Uint8Array(exported.bytes) });
    expect(loaded).toMatchObject({ status: 200, body: { images: [{ reference: tag }] } });
    const unloadable = await transfer(url, 'POST', '/images/load', { body: await packFiles({ 'manifest.json': `{"${canary()}` }) });
    expect(unloadable.status).toBe(400);
    const failed = await transfer(url, 'POST', `/images/build?${query}&target=none`, { body: await build({}) });
    expect(failed).toMatchObject({ status: 400, body: { error: { details: [{ path: 'target' }] } } });
    answers.push(JSON.stringify([built.body, loaded.body, unloadable.body, failed.body]));
    await ask('GET', '/jobs?limit=500');
    await testPodman().run(['rmi', '--', tag]);
  });

  it('are accepted by terminals, as their environment and input', async () => {
    const headers = { 'X-Podman-Api-Environment': JSON.stringify({ TOKEN: canary() }) };
    const client = openTerminal(service.url, `/containers/${name}/terminal?tty=false&command=env%3Bcat`, { headers });
    await client.message('ready');
    client.type(`${canary()}\n`);
    await until(() => client.output().split(mark).length > 2);
    client.send({ type: 'end_stdin' });
    expect(await client.closed()).toBe(1000);
    answers.push(JSON.stringify(client.messages));
  });

  it('are accepted by pools, batches of runs, and logins at registries', async () => {
    const pools = createTestPools(service.call);
    const pool = await pools.declare({ size: 1, container: { ...specification, environment: environment() } });
    await until(async () => (await ask('GET', `/pools/${pool}`)).field('pool.idle') === 1);
    const own = ownName();
    expect(await ask('POST', '/containers', { pool, name: own })).toMatchObject({ status: 201 });
    const shown = await service.call('POST', `/containers/${own}/exec`, { command: 'env' });
    expect(shown.field('execution.stdout')).toContain(mark);
    const invalid = { size: 1, container: { ...specification, environment: { A: [canary()] } } };
    expect(await ask('PUT', `/pools/${pool}`, invalid)).toMatchObject({ status: 400 });
    await ask('GET', '/pools');
    await pools.remove();
    const run = { image: images.busybox, command: 'cat', stdin: canary(), environment: environment() };
    const batch = await ask('POST', '/runs/batch', { runs: [{ ...run, files: [{ path: '/secret', content: canary() }] }] });
    expect(batch).toMatchObject({ status: 202 });
    await until(async () => (await service.call('GET', `/jobs/${batch.field('runs.0.job.id')}`)).field('job.status') === 'succeeded');
    expect(await ask('POST', '/runs/batch', { runs: [{ ...run, stdin: [canary()] }] })).toMatchObject({ status: 400 });

    // There is no registry, so the login reaches podman and no further.
    const reference = `127.0.0.1:9/${ownName()}:1`;
    await testPodman().run(['tag', '--', images.bare, reference]);
    for (const path of ['/images/pull', '/images/push']) {
      const login = await ask('POST', path, { reference, credentials: { username: canary(), password: canary() } });
      expect(login.body).toMatchObject({ success: false, job_id: expect.any(String) });
      const invalid = { reference, credentials: { username: `${canary()}:`, password: [canary()] } };
      expect(await ask('POST', path, invalid)).toMatchObject({ status: 400 });
    }
    await testPodman().run(['rmi', '--', reference]);
  });

  it('are not passed on to containers in the environment of the worker', async () => {
    const own = ownName();
    await ask('POST', '/containers', { image: images.busybox, name: own, network: 'none', command: 'sleep 600' });
    const shown = await ask('POST', `/containers/${own}/exec`, { command: 'env; cat /proc/1/environ' });
    expect(shown).toMatchObject({ status: 200 });
    expect(JSON.stringify(shown.body).toLowerCase()).not.toContain('proxy');
    expect(await testPodman().run(['container', 'inspect', '--format={{.Config.Env}}', own])).not.toContain('proxy');
  });

  it('are accepted by requests that fail', async () => {
    const none = `/containers/${ownName()}`;
    const failing: readonly (readonly [number, string, object])[] = [
      [404, '/containers', { image: 'localhost/none', name: ownName(), pull_policy: 'never', environment: environment() }],
      [404, `${none}/exec`, { command: 'true', stdin: canary(), environment: environment() }],
      [404, `${none}/users`, { username: 'app', password: canary() }],
      [404, `${none}/files`, { dest_path: '/x', content: canary() }],
      [409, `/containers/${name}/users`, { username: 'app', password: canary() }],
      [400, `/containers/${name}/files`, { dest_path: '/etc', content: canary() }],
      [400, `/containers/${name}/files`, { dest_path: '/x', content: `${canary()}!`, encoding: 'base64' }],
      [400, `/containers/${name}/users`, { username: 'b', password: `${canary()}\n` }],
      [400, `/containers/${name}/users`, { username: 'b', password: [canary()] }],
      [400, `/containers/${name}/exec`, { command: 'true', stdin: { a: canary() }, environment: { A: [canary()], 'B C': canary() } }],
      [400, `/containers/${name}/exec`, { command: 'true', environment: { PATH: `${canary()}\n` } }],
      [400, `/containers/${name}/exec`, { command: 'true', environment: { A: `\0${canary()}` } }],
      [408, `/containers/${name}/exec`, { command: 'sleep 600', timeout: 1, stdin: canary(), environment: environment() }],
    ];
    for (const [status, path, body] of failing) expect(await ask('POST', path, body), JSON.stringify(body)).toMatchObject({ status });
  });

  it('are accepted while the worker dies and while there is none', async () => {
    const stdin = canary();
    const body = { command: 'cat >/got; exec sleep 600', stdin, environment: environment() };
    const dying = ask('POST', `/containers/${name}/exec`, body);
    await until(
      async () =>
        (await testPodman()
          .run(['exec', name, 'cat', '/got'])
          .catch(() => '')) === stdin,
    );
    await service.worker.end('SIGKILL');
    const queued = await ask('POST', `/containers/${name}/exec`, { ...body, command: 'true' }, { Prefer: 'respond-async' });
    const another = startApp('worker', service.env);
    expect(await dying).toMatchObject({ status: 500, body: { error: { job: { status: 'unknown' } } } });
    const job = `/jobs/${String(queued.field('job_id'))}`;
    await until(async () => (await ask('GET', job)).field('job.status') === 'succeeded');
    expect(await another.end('SIGTERM')).toBe(0);
    expect(foundIn(another.output(), mark)).toEqual([]);
  });

  it('are nowhere in Redis', async () => {
    const { redis: server } = service;
    // Sealed secrets are removed when their job has ended, or expire.
    const keys = await until(async () => {
      const found = await everything(await server.masters());
      return [...found.keys()].some(key => key.startsWith('podman-api:sealed:')) ? undefined : found;
    });
    expect([...keys].filter(([key, value]) => foundIn(key, mark).length > 0 || foundIn(value, mark).length > 0)).toEqual([]);
    // Control: values that are not secret are found.
    expect([...keys.values()].some(value => value.includes(name))).toBe(true);
    await until(() => onDisk(server.folder).includes('podman-api:job:'));
    expect(foundIn(onDisk(server.folder), mark)).toEqual([]);
    const seen = await until(() => [redis.seen()].find(text => text.includes('podman-api:sealed:')));
    expect(foundIn(seen, mark)).toEqual([]);
  });

  it('are nowhere in logs, the audit log, answers and arguments', async () => {
    const { api, worker, redis: server, env } = service;
    expect(foundIn(api.output() + worker.output() + server.servers.map(({ child }) => child.output()).join(), mark)).toEqual([]);
    const audit = readFileSync(env['AUDIT_LOG'] ?? '', 'utf8');
    expect(audit).toContain('container.exec');
    expect(foundIn(audit, mark)).toEqual([]);
    expect(answers.filter(answer => foundIn(answer, mark).length > 0)).toEqual([]);
    const found = watch.output().split('\n');
    expect(found.filter(line => line !== '' && !line.includes(decoy))).toEqual([]);
  });
});

/** Returns the secrets in the output of `podman inspect`, except in the container's own variables. */
function leaksOfInspect(text: string): readonly string[] {
  const entries: { Config: { Env: unknown } }[] = JSON.parse(text);
  expect(foundIn(JSON.stringify(entries.map(({ Config }) => Config.Env)), mark)).not.toEqual([]);
  for (const { Config: config } of entries) config.Env = [];
  return foundIn(JSON.stringify(entries), mark);
}
