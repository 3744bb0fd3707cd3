import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCall, standaloneUrl, standaloneVariables, startApp, type TestChild, until } from '@podman-api/testing';
import { childrenOf } from '@podman-api/testing/processes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('the Redis of npm start', () => {
  let folder: string;
  let standalone: TestChild;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'podman-api-standalone-'));
    standalone = startApp('standalone', standaloneVariables(folder));
    await standalone.says('Ctrl-C');
  });
  afterAll(async () => {
    await standalone.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const redisPid = () => childrenOf(standalone.process.pid).find(({ argv: [program = ''] }) => program.startsWith('redis'))?.pid;

  it('is restarted with its jobs after a SIGKILL', async () => {
    const call = createCall(standaloneUrl(standalone));
    const listed = await call('GET', '/containers');
    const job = `/jobs/${String(listed.field('job_id'))}`;
    await until(async () => (await call('GET', job)).field('job.status') === 'succeeded');
    const before = redisPid();
    if (before === undefined) throw new Error('there is no Redis');
    process.kill(before, 'SIGKILL');
    await standalone.says('starting it again');
    // Not /health: the API process may still answer from the heartbeats that it read last.
    await until(async () => {
      const { status, body } = await call('GET', '/containers');
      if (status !== 200) expect(body).toMatchObject({ error: { type: 'ServiceUnavailableError' } });
      return status === 200;
    });
    expect(redisPid()).not.toBe(before);
    await until(async () => (await call('GET', '/health')).status === 200);
    expect((await call('GET', job)).field('job.status')).toBe('succeeded');
  });

  // Last, because it ends the process.
  it('exits with the process that started it, also after a SIGKILL', async () => {
    const children = childrenOf(standalone.process.pid).map(({ pid }) => pid);
    expect(children).toHaveLength(3);
    await standalone.end('SIGKILL');
    await until(() => children.every(pid => !existsSync(`/proc/${pid}`)));
  });
});
