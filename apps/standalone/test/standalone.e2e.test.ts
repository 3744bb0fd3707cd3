import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCall, images, standaloneUrl, standaloneVariables, startApp, type TestChild, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { childrenOf } from '@podman-api/testing/processes';
import { describe, expect, it, type TestContext } from 'vitest';

/** Creates a state folder for one test. @returns the folder, and a function that starts podman-api with it */
function prepare({ onTestFinished }: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-standalone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const start = (extra: Record<string, string> = {}): TestChild => startApp('standalone', { ...standaloneVariables(folder), ...extra });
  return { folder, start };
}

describe.concurrent('npm start', () => {
  // Steps: start, and refuse a second start; SIGINT, and start again; SIGKILL, and start once more; SIGTERM.
  it('starts once in a folder, keeps jobs across restarts, and ends all processes on SIGINT, SIGKILL and SIGTERM', async context => {
    const { folder, start } = prepare(context);
    const first = start();
    await first.says('Ctrl-C');
    expect(first.output()).toMatch(
      // On a busy host the status is degraded.
      /podman-api listens on http:\/\/127\.0\.0\.1:\d+ and is (healthy|degraded)\.\nOpen that in a browser [^\n]+\n(See the reasons [^\n]+\n)?Create a container:\n {2}curl /,
    );
    expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'redis')).mode & 0o777).toBe(0o700);
    const refused = start();
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toBe(
      `podman-api already runs from this folder (process ${first.process.pid}): stop it first, or use another checkout.\n`,
    );

    const name = ownName();
    const created = await createCall(standaloneUrl(first))('POST', '/containers', { image: images.plain, name, command: 'sleep 300' });
    expect(created.status).toBe(201);
    expect(await first.end('SIGINT')).toBe(0);
    expect(existsSync(join(folder, 'redis/redis.sock'))).toBe(false);

    const second = start();
    await second.says('Ctrl-C');
    const job = await createCall(standaloneUrl(second))('GET', `/jobs/${String(created.field('job_id'))}`);
    expect(job.body).toMatchObject({ job: { status: 'succeeded', result: { name } } });
    const apps = childrenOf(second.process.pid).filter(({ argv }) => !argv[0]?.startsWith('redis'));
    expect(apps).toHaveLength(2);
    await second.end('SIGKILL');
    await until(() => apps.every(({ pid }) => !existsSync(`/proc/${pid}`)));

    const third = start();
    await third.says('Create a container');
    await third.says('Ctrl-C');
    expect(await third.end('SIGTERM')).toBe(0);
  });

  it.for([
    ['MAX_WORKERS', '0', 'a whole number from 1 to 1000'],
    ['DEBUG', 'yes', 'true, 1, false or 0'],
    ['PORT', 'http', 'a whole number from 0 to 65535'],
    ['MAX_BODY', '10 megs', 'a size'],
  ] as const)('exits with one line about %s=%s', async ([name, value, allowed], context) => {
    const child = prepare(context).start({ [name]: value });
    expect(await child.ended).toBe(1);
    expect(child.output()).toContain(`${name}="${value}" is not allowed: it must be ${allowed}`);
    expect(child.output().trimEnd()).not.toContain('\n');
  });

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
