import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createCall, images, standaloneUrl, type TestChild, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { childrenOf } from '@podman-api/testing/processes';
import { describe, expect, it } from 'vitest';
import { expectOneLine, prepare, type WrongVariable } from './start.ts';

/** Returns the id of the Redis process of a standalone process. */
function redisPidOf(standalone: TestChild): number {
  const redis = childrenOf(standalone.process.pid).find(({ argv: [program = ''] }) => program.startsWith('redis'));
  if (redis === undefined) throw new Error('there is no Redis');
  return redis.pid;
}

describe.concurrent('npm start', () => {
  // Steps: start, and refuse a second start; SIGKILL, and start again; SIGKILL of Redis; SIGINT.
  it('starts once in a directory, ends all processes on SIGKILL and SIGINT, and keeps jobs when it or its Redis is killed', async context => {
    const { folder, start } = prepare(context);
    const first = start();
    await first.waitForOutput('Ctrl-C');
    expect(first.output()).toMatch(
      // On a busy host the status is degraded.
      /podman-api listens on http:\/\/127\.0\.0\.1:\d+ and is (healthy|degraded)\.\nOpen that in a browser [^\n]+\n(See the reasons [^\n]+\n)?Create a container:\n {2}curl /,
    );
    expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'redis')).mode & 0o777).toBe(0o700);
    const refused = start();
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toBe(
      `podman-api already runs from this directory (process ${first.process.pid}): stop it first, or use another checkout.\n`,
    );
    const name = uniqueContainerName();
    const created = await createCall(standaloneUrl(first))('POST', '/containers', { image: images.plain, name, command: 'sleep 300' });
    expect(created.status).toBe(201);
    const children = childrenOf(first.process.pid);
    expect(children).toHaveLength(3);
    await first.end('SIGKILL');
    await until(() => children.every(({ pid }) => !existsSync(`/proc/${pid}`)));

    const second = start();
    await second.waitForOutput('Create a container');
    await second.waitForOutput('Ctrl-C');
    const call = createCall(standaloneUrl(second));
    const readJob = async () => (await call('GET', `/jobs/${String(created.field('job_id'))}`)).body;
    const keptJob = { job: { status: 'succeeded', result: { name } } };
    expect(await readJob()).toMatchObject(keptJob);

    const redis = redisPidOf(second);
    process.kill(redis, 'SIGKILL');
    await second.waitForOutput('starting it again');
    // Not /health: the API process may still answer from the heartbeats that it read last.
    await until(async () => {
      const { status, body } = await call('GET', '/containers');
      if (status !== 200) expect(body).toMatchObject({ error: { type: 'ServiceUnavailableError' } });
      return status === 200;
    });
    expect(redisPidOf(second)).not.toBe(redis);
    await until(async () => (await call('GET', '/health')).status === 200);
    expect(await readJob()).toMatchObject(keptJob);

    expect(await second.end('SIGINT')).toBe(0);
    expect(existsSync(join(folder, 'redis/redis.sock'))).toBe(false);
  });

  // Other variables are tried in `npm run test:all`.
  it.for<WrongVariable>([['MAX_WORKERS', '0', 'a whole number from 1 to 1000']])('exits with one line about %s=%s', expectOneLine);

  it('does not print a wrong SECRET_KEY', async context => {
    const child = prepare(context).start({ SECRET_KEY: 'too-short' });
    expect(await child.ended).toBe(1);
    expect(child.output()).not.toContain('too-short');
  });

  it('exits with one line about a port that is in use', async context => {
    const holder = createServer().listen(0, '127.0.0.1');
    context.onTestFinished(() => void holder.close());
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' ? `${address?.port}` : '';
    const child = prepare(context).start({ PORT: port });
    expect(await child.ended).toBe(1);
    expect(child.output()).toContain(`PORT="${port}" cannot be listened on (EADDRINUSE)`);
  });
});
