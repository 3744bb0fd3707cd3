import { images, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { useWatchedService } from './canaries/watched-service.ts';
import { createTestPools, specification } from './pools/test-pools.ts';
import { openTerminal } from './terminals/terminal-client.ts';
import { packFiles } from './transfers/pack-files.ts';
import { filesPath, transfer } from './transfers/transfer-client.ts';

const watched = useWatchedService();
const { mark, canary, environment, ask } = watched;

/** The same as canaries.e2e.test.ts, with the operations that take longer. */
describe('secrets of transfers, images, terminals, pools and batches', () => {
  watched.defineControl();

  it('are accepted as contents of files, archives, builds and images, and as arguments of a build', async () => {
    const { url } = watched.service;
    const content = canary();
    const target = filesPath(watched.name, '/uploaded');
    expect((await transfer(url, 'PUT', target, { body: content })).status).toBe(201);
    expect((await transfer(url, 'GET', target)).bytes.toString()).toBe(content);
    const folder = filesPath(watched.name, '/', {}, 'archive');
    expect((await transfer(url, 'PUT', folder, { body: await packFiles({ 'packed/file': canary() }) })).status).toBe(200);
    expect((await transfer(url, 'GET', filesPath(watched.name, '/packed', {}, 'archive'))).bytes.toString()).toContain(mark);
    expect((await transfer(url, 'PUT', folder, { body: `${canary()} is no archive` })).status).toBe(400);

    const tag = `localhost/${uniqueContainerName()}:1`;
    const query = new URLSearchParams([
      ['tag', tag],
      ['build_arg', `TOKEN=${canary()}`],
      ['build_arg', `LINES=${canary()}\n${canary()}`],
    ]);
    const Containerfile = `FROM ${images.bare}\nARG TOKEN\nARG LINES\nCOPY secret /secret\n# ${canary()}\n`;
    const build = (extraFiles: object) => packFiles({ Containerfile, secret: canary(), ...extraFiles });
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
    watched.addResponse(JSON.stringify([built.body, loaded.body, unloadable.body, failed.body]));
    await ask('GET', '/jobs?limit=500');
    await testPodman().run(['rmi', '--', tag]);
  });

  it('are accepted by terminals, as their environment and input', async () => {
    const headers = { 'X-Podman-Api-Environment': JSON.stringify({ TOKEN: canary() }) };
    const client = openTerminal(watched.service.url, `/containers/${watched.name}/terminal?tty=false&command=env%3Bcat`, { headers });
    await client.message('ready');
    client.type(`${canary()}\n`);
    await until(() => client.output().split(mark).length > 2);
    client.send({ type: 'end_stdin' });
    expect(await client.waitForClose()).toBe(1000);
    watched.addResponse(JSON.stringify(client.messages));
  });

  it('are accepted by pools, batches of runs, and logins at registries', async () => {
    const pools = createTestPools(watched.service.call);
    const pool = await pools.declare({ size: 1, container: { ...specification, environment: environment() } });
    await until(async () => (await ask('GET', `/pools/${pool}`)).field('pool.idle') === 1);
    const own = uniqueContainerName();
    expect(await ask('POST', '/containers', { pool, name: own })).toMatchObject({ status: 201 });
    const shown = await watched.service.call('POST', `/containers/${own}/exec`, { command: 'env' });
    expect(shown.field('execution.stdout')).toContain(mark);
    const invalid = { size: 1, container: { ...specification, environment: { A: [canary()] } } };
    expect(await ask('PUT', `/pools/${pool}`, invalid)).toMatchObject({ status: 400 });
    await ask('GET', '/pools');
    await pools.remove();
    const run = { image: images.busybox, command: 'cat', stdin: canary(), environment: environment() };
    const batch = await ask('POST', '/runs/batch', { runs: [{ ...run, files: [{ path: '/secret', content: canary() }] }] });
    expect(batch).toMatchObject({ status: 202 });
    await until(
      async () => (await watched.service.call('GET', `/jobs/${batch.field('runs.0.job.id')}`)).field('job.status') === 'succeeded',
    );
    expect(await ask('POST', '/runs/batch', { runs: [{ ...run, stdin: [canary()] }] })).toMatchObject({ status: 400 });

    // There is no registry, so the login reaches podman and no further.
    const reference = `127.0.0.1:9/${uniqueContainerName()}:1`;
    await testPodman().run(['tag', '--', images.bare, reference]);
    for (const path of ['/images/pull', '/images/push']) {
      const login = await ask('POST', path, { reference, credentials: { username: canary(), password: canary() } });
      expect(login.body).toMatchObject({ success: false, job_id: expect.any(String) });
      const invalid = { reference, credentials: { username: `${canary()}:`, password: [canary()] } };
      expect(await ask('POST', path, invalid)).toMatchObject({ status: 400 });
    }
    await testPodman().run(['rmi', '--', reference]);
  });

  watched.defineSearches();
});
