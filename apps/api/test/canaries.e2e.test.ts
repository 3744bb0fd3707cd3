import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, type Service, startApp, startChild, startService, type TestChild, testPodman, until } from '@podman-api/testing';
import { ownName, startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everything, monitor, onDisk } from './canaries/redis.ts';
import { createCanaries, disguises, foundIn } from './canaries/texts.ts';

const { mark, canary } = createCanaries();
const decoy = `decoy-${mark.slice(6)}`;
const watcher = fileURLToPath(new URL('./canaries/watch-arguments.ts', import.meta.url));

let service: Service;
let name: string;
let watch: TestChild;
let redis: Awaited<ReturnType<typeof monitor>>;
/** Answers that must hold no secret: all but those with a command's own output. */
const answers: string[] = [];

beforeAll(async () => {
  service = await startService({ DEBUG: 'true', REQUEST_TIMEOUT: '60' });
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

test('the watcher sees the arguments of processes', async () => {
  const quiet = startChild(process.execPath, ['--eval', 'setInterval(() => {}, 60_000)', decoy]);
  await watch.says(`found ${decoy} in ${quiet.process.pid}`);
  await quiet.end('SIGKILL');
});

test('where all goes well', async () => {
  const own = ownName();
  const made = { image: images.busybox, name: own, command: 'sleep 600', environment: environment() };
  expect(await ask('POST', '/containers', made, { 'Idempotency-Key': 'create' })).toMatchObject({ status: 201 });
  expect(await ask('POST', `/containers/${name}/users`, { username: 'app', password: canary() })).toMatchObject({ status: 201 });
  const file = { dest_path: '/secret', content: canary() };
  expect(await ask('POST', `/containers/${name}/files`, file, { 'Idempotency-Key': 'file' })).toMatchObject({ status: 201 });
  const encoded = { dest_path: '/encoded', encoding: 'base64', content: Buffer.from(canary()).toString('base64') };
  expect(await ask('POST', `/containers/${name}/files`, encoded)).toMatchObject({ status: 201 });
  await ask('POST', `/containers/${name}/stop?timeout=0`);
  expect(await ask('POST', `/containers/${name}/files`, { ...file, content: canary() })).toMatchObject({ status: 201 });
  await ask('POST', `/containers/${name}/start`);
  // What a command writes is its caller's, and stands sealed in Redis, as much as does not stand in an answer.
  const loud = { command: 'cat; env; for i in 1 2 3; do echo "$LONG"; done', stdin: canary(), environment: environment() };
  const echoed = await service.call('POST', `/containers/${name}/exec`, loud);
  expect(echoed.field('execution.stdout')).toContain(mark);
  expect(await ask('GET', `/containers/${own}`)).toMatchObject({ status: 200 });
  await ask('GET', '/containers');
  await ask('GET', '/jobs?limit=500');
  expect(leaksOfInspect(await testPodman().run(['container', 'inspect', own, name]))).toEqual([]);
});

test('where it fails', async () => {
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

test('where the worker dies in the middle, and while no worker is there', async () => {
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
  await ask('GET', `/jobs/${String(queued.field('job_id'))}?wait=60`);
  expect(await another.end('SIGTERM')).toBe(0);
  expect(foundIn(another.output(), mark)).toEqual([]);
});

test('no secret has been anywhere', async () => {
  const { api, worker, redis: server, env } = service;
  const keys = await everything(await server.masters());
  expect([...keys].filter(([key, value]) => foundIn(key, mark).length > 0 || foundIn(value, mark).length > 0)).toEqual([]);
  // What was sealed for a job is gone with the job.
  expect([...keys.keys()].filter(key => key.startsWith('podman-api:sealed:'))).toEqual([]);
  // What is no secret is found there.
  expect([...keys.values()].some(value => value.includes(name))).toBe(true);
  const disk = onDisk(server.folder);
  expect(disk.includes('podman-api:job:')).toBe(true);
  expect(foundIn(disk, mark)).toEqual([]);
  expect(redis.seen()).toContain('podman-api:sealed:');
  expect(foundIn(redis.seen(), mark)).toEqual([]);
  expect(foundIn(api.output() + worker.output() + server.servers.map(({ child }) => child.output()).join(), mark)).toEqual([]);
  expect(foundIn(readFileSync(env['AUDIT_LOG'] ?? join(server.folder, 'audit.log'), 'utf8'), mark)).toEqual([]);
  expect(answers.filter(answer => foundIn(answer, mark).length > 0)).toEqual([]);
  expect(
    watch
      .output()
      .split('\n')
      .filter(line => line !== '' && !line.includes(decoy)),
  ).toEqual([]);
});

/** What an inspect tells of secrets beside the container's own variables. */
function leaksOfInspect(text: string): readonly string[] {
  const entries: { Config: { Env: unknown } }[] = JSON.parse(text);
  expect(foundIn(JSON.stringify(entries.map(({ Config }) => Config.Env)), mark)).not.toEqual([]);
  for (const { Config: config } of entries) config.Env = [];
  return foundIn(JSON.stringify(entries), mark);
}
