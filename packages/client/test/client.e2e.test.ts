import { ApiError, createClient } from '@podman-api/cli';
import { images, sharedContainer, sharedService, startApi, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { sendToAllNodes } from './in-process.ts';
import { processesOf, uniqueSleep } from './processes.ts';

describe('the client', () => {
  let client: ReturnType<typeof createClient>;
  beforeAll(() => {
    client = createClient({ url: sharedService().url }, {});
  });

  it('does everything with a container, from its creation to its removal', async () => {
    const name = uniqueContainerName();
    const { containers } = client;
    const created = await containers.create({
      image: images.busybox,
      name,
      network: 'none',
      command: ['sleep', '600'],
      environment: { KEY: 'value' },
    });
    expect(created).toMatchObject({ name, status: 'running' });
    const listed = await sendToAllNodes(() => containers.list());
    expect(listed.containers.map(container => container.name)).toContain(name);
    expect(await containers.inspect(name)).toMatchObject({ id: created.id, status: 'running' });
    expect(await containers.addFile(name, { dest_path: '/x', content: 'ü' })).toEqual({ dest_path: '/x', size: 2 });
    expect(await client.files.upload(name, '/y', 'whole', { mode: '0600' })).toMatchObject({ path: '/y', size: 5, mode: '0600' });
    const { size, body } = await client.files.download(name, '/y', { range: 'bytes=1-' });
    expect([size, await new Response(body).text()]).toEqual([4, 'hole']);
    const tree = await new Response(await client.files.downloadArchive(name, '/y')).blob();
    expect(await client.files.uploadArchive(name, '/tmp', tree)).toEqual({ path: '/tmp', entries: 1, size: 5 });
    await expect(client.files.download(name, '/etc')).rejects.toMatchObject({ type: 'ConflictError' });
    expect(await containers.addUser(name, { username: 'me' })).toEqual({ username: 'me', created: true });
    expect(await containers.exec(name, { command: 'cat /x; exit 3' })).toMatchObject({ exit_code: 3, stdout: 'ü' });
    expect(await containers.stop(name, { timeout: 0 })).toEqual({ name, status: 'stopped' });
    expect(await containers.start(name)).toEqual({ name, status: 'started' });
    expect(await containers.logs(name)).toMatchObject({ name, logs: '' });
    expect(await containers.remove(name, { force: true })).toEqual({ name, removed: true });
    await expect(containers.inspect(name)).rejects.toMatchObject({ type: 'NotFoundError', status: 404 });
  });

  it('submits a batch of runs, whose results have their files', async () => {
    const run = { image: images.busybox, command: ['sh', '-c', 'tr a-z A-Z </in >/out'], files: [{ path: '/in', content: 'ü a' }] };
    const [submitted, ...others] = await client.runs.submitBatch([{ ...run, outputs: ['/out'], network: 'none' }]);
    if (!submitted || !('job' in submitted)) throw new Error('the run was not submitted');
    expect(others).toEqual([]);
    expect(await client.jobs.wait(submitted.job.id)).toMatchObject({
      status: 'succeeded',
      result: { exit_code: 0, files: [{ path: '/out', size: 4, content: 'ü A', encoding: 'utf8' }] },
    });
  });

  it('reads output as an async iterator, which can be left and gone on with while the job runs', async () => {
    const name = sharedContainer('busybox');
    const go = `/tmp/${uniqueContainerName()}`;
    const command = `echo one; until [ -e ${go} ]; do usleep 20000; done; echo two >&2; exit 5`;
    const job = await client.containers.submitExec(name, { command });
    let first: unknown;
    for await (const event of client.jobs.output(job.id)) {
      first = event;
      break;
    }
    expect(first).toEqual({ id: 1, event: 'stdout', text: 'one\n' });
    await client.containers.addFile(name, { dest_path: go, content: '' });
    expect(await Array.fromAsync(client.jobs.output(job.id, { after: 1 }))).toEqual([
      { id: 2, event: 'stderr', text: 'two\n' },
      { id: 3, event: 'exit', status: 'succeeded', exit_code: 5, truncated: false },
    ]);
    expect(await client.jobs.result(job)).toMatchObject({ exit_code: 5 });
  });

  it('makes one call of several with the same idempotency key, and refuses another call with it', async () => {
    const name = uniqueContainerName();
    const body = { image: images.bare, name, network: 'none', command: ['sleep', '600'] };
    const created = await Promise.all([1, 2, 3].map(() => client.containers.create(body, { idempotencyKey: name })));
    expect(new Set(created.map(({ id }) => id)).size).toBe(1);
    await expect(client.containers.create({ ...body, command: [] }, { idempotencyKey: name })).rejects.toBeInstanceOf(ApiError);
  });

  it('cancels the job on an abort, which ends the command in the container', async () => {
    const leaving = new AbortController();
    const sleep = uniqueSleep();
    const running = client.containers.exec(sharedContainer('busybox'), { command: `exec ${sleep}` }, { signal: leaving.signal });
    await until(() => processesOf(sleep).length > 0);
    leaving.abort();
    await expect(running).rejects.toThrow('aborted');
    expect(processesOf(sleep)).toEqual([]);
  });

  it('waits for a command that takes longer than REQUEST_TIMEOUT', async () => {
    const { api, url } = await startApi({ ...sharedService().env, REQUEST_TIMEOUT: '1' });
    onTestFinished(async () => {
      await api.end();
    });
    const { containers } = createClient({ url }, {});
    expect(await containers.exec(sharedContainer('busybox'), { command: 'sleep 2; echo done' })).toMatchObject({ stdout: 'done\n' });
  });
});
