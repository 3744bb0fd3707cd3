import { images, startApp, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { foundIn } from './canaries/canaries.ts';
import { useWatchedService } from './canaries/watched-service.ts';

const watched = useWatchedService();
const { mark, canary, environment, ask } = watched;

/*
 * 1. Sends secrets in every field that takes one, in requests that succeed, fail and lose their worker.
 * 2. Searches for them wherever they must not be.
 */
describe('secrets', () => {
  watched.defineControl();

  it('are accepted by requests that succeed', async () => {
    const own = uniqueContainerName();
    const made = { image: images.busybox, name: own, network: 'none', command: 'sleep 600', environment: environment() };
    expect(await ask('POST', '/containers', made, { 'Idempotency-Key': 'create' })).toMatchObject({ status: 201 });
    expect(await ask('POST', `/containers/${watched.name}/users`, { username: 'app', password: canary() })).toMatchObject({ status: 201 });
    const file = { dest_path: '/secret', content: canary() };
    expect(await ask('POST', `/containers/${watched.name}/files`, file, { 'Idempotency-Key': 'file' })).toMatchObject({ status: 201 });
    const encoded = { dest_path: '/encoded', encoding: 'base64', content: Buffer.from(canary()).toString('base64') };
    expect(await ask('POST', `/containers/${watched.name}/files`, encoded)).toMatchObject({ status: 201 });
    await ask('POST', `/containers/${watched.name}/stop?timeout=0`);
    expect(await ask('POST', `/containers/${watched.name}/files`, { ...file, content: canary() })).toMatchObject({ status: 201 });
    await ask('POST', `/containers/${watched.name}/start`);
    // The output of a command may hold secrets for its caller; in Redis it is sealed.
    const loud = { command: 'cat; env; for i in 1 2 3; do echo "$LONG"; done', stdin: canary(), environment: environment() };
    const echoed = await watched.service.call('POST', `/containers/${watched.name}/exec`, loud);
    expect(echoed.field('execution.stdout')).toContain(mark);
    const run = {
      image: images.busybox,
      command: ['sh', '-c', 'cat - /secret; env >/out; echo "$LONG" >&2'],
      files: [{ path: '/secret', content: canary() }],
      outputs: ['/out', '/secret'],
      stdin: canary(),
      environment: environment(),
    };
    const ran = await watched.service.call('POST', '/runs', run, { 'Idempotency-Key': 'run' });
    expect([ran.field('run.stdout'), ran.field('run.files.0.content')]).toEqual([
      expect.stringContaining(mark),
      expect.stringContaining(mark),
    ]);
    expect(await ask('GET', `/containers/${own}`)).toMatchObject({ status: 200 });
    await ask('GET', '/containers');
    await ask('GET', '/jobs?limit=500');
    expect(leaksOfInspect(await testPodman().run(['container', 'inspect', own, watched.name]))).toEqual([]);
  });

  it('are not passed on to containers in the environment of the worker', async () => {
    const own = uniqueContainerName();
    await ask('POST', '/containers', { image: images.busybox, name: own, network: 'none', command: 'sleep 600' });
    const shown = await ask('POST', `/containers/${own}/exec`, { command: 'env; cat /proc/1/environ' });
    expect(shown).toMatchObject({ status: 200 });
    expect(JSON.stringify(shown.body).toLowerCase()).not.toContain('proxy');
    expect(await testPodman().run(['container', 'inspect', '--format={{.Config.Env}}', own])).not.toContain('proxy');
  });

  it('are accepted by requests that fail', async () => {
    const none = `/containers/${uniqueContainerName()}`;
    const failing: readonly (readonly [number, string, object])[] = [
      [404, '/containers', { image: 'localhost/none', name: uniqueContainerName(), pull_policy: 'never', environment: environment() }],
      [404, `${none}/exec`, { command: 'true', stdin: canary(), environment: environment() }],
      [404, `${none}/users`, { username: 'app', password: canary() }],
      [404, `${none}/files`, { dest_path: '/x', content: canary() }],
      [409, `/containers/${watched.name}/users`, { username: 'app', password: canary() }],
      [400, `/containers/${watched.name}/files`, { dest_path: '/etc', content: canary() }],
      [400, `/containers/${watched.name}/files`, { dest_path: '/x', content: `${canary()}!`, encoding: 'base64' }],
      [400, `/containers/${watched.name}/users`, { username: 'b', password: `${canary()}\n` }],
      [400, `/containers/${watched.name}/users`, { username: 'b', password: [canary()] }],
      [
        400,
        `/containers/${watched.name}/exec`,
        { command: 'true', stdin: { a: canary() }, environment: { A: [canary()], 'B C': canary() } },
      ],
      [400, `/containers/${watched.name}/exec`, { command: 'true', environment: { PATH: `${canary()}\n` } }],
      [400, `/containers/${watched.name}/exec`, { command: 'true', environment: { A: `\0${canary()}` } }],
      [408, `/containers/${watched.name}/exec`, { command: 'sleep 600', timeout: 1, stdin: canary(), environment: environment() }],
    ];
    for (const [status, path, body] of failing) expect(await ask('POST', path, body), JSON.stringify(body)).toMatchObject({ status });
  });

  it('are accepted while the worker dies and while there is none', async () => {
    const stdin = canary();
    const body = { command: 'cat >/got; exec sleep 600', stdin, environment: environment() };
    const dying = ask('POST', `/containers/${watched.name}/exec`, body);
    const isReceived = async () => {
      const got = await testPodman()
        .run(['exec', watched.name, 'cat', '/got'])
        .catch(() => '');
      return got === stdin;
    };
    const tooSoon = dying.then(response => Promise.reject(new Error(`the command has ended: ${JSON.stringify(response.body)}`)));
    await Promise.race([until(isReceived), tooSoon]);
    tooSoon.catch(() => {});
    const { worker } = watched.service;
    // Jobs are accepted for ten seconds after the last heartbeat. On a busy machine, that may be over before this one is sent.
    const queued = await until(async () => {
      worker.process.kill('SIGSTOP');
      const answer = await ask('POST', `/containers/${watched.name}/exec`, { ...body, command: 'true' }, { Prefer: 'respond-async' });
      if (answer.status === 202) return answer;
      expect(answer.status).toBe(503);
      worker.process.kill('SIGCONT');
      return undefined;
    });
    await worker.end('SIGKILL');
    const another = startApp('worker', watched.service.env);
    expect(await dying).toMatchObject({ status: 500, body: { error: { job: { status: 'unknown' } } } });
    const job = `/jobs/${String(queued.field('job_id'))}`;
    await until(async () => (await ask('GET', job)).field('job.finished_at'));
    expect((await ask('GET', job)).field('job.status')).toBe('succeeded');
    expect(await another.end('SIGTERM')).toBe(0);
    expect(foundIn(another.output(), mark)).toEqual([]);
  });

  watched.defineSearches();
});

/** Returns the secrets in the output of `podman inspect`, except in the container's own variables. */
function leaksOfInspect(text: string): readonly string[] {
  const entries: { Config: { Env: unknown } }[] = JSON.parse(text);
  expect(foundIn(JSON.stringify(entries.map(({ Config }) => Config.Env)), mark)).not.toEqual([]);
  for (const { Config: config } of entries) config.Env = [];
  return foundIn(JSON.stringify(entries), mark);
}
