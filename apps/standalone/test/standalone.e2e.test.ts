import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caller, images, standaloneUrl, standaloneVariables, startApp, startChild, until } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-standalone-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (extra: Record<string, string> = {}) => startApp('standalone', { ...standaloneVariables(folder), ...extra });

test('starts Redis, the API and a worker, keeps jobs across a restart, and stops them all on Ctrl-C', async () => {
  const first = start();
  await first.says('Ctrl-C');
  expect(first.output()).toMatch(
    /podman-api listens on http:\/\/127\.0\.0\.1:\d+ and is healthy\.\nOpen that in a browser [^\n]+\nMake a container:\n {2}curl /,
  );
  const name = ownName();
  const created = await caller(standaloneUrl(first))('POST', '/containers', { image: images.plain, name, command: 'sleep 300' });
  expect(created.status).toBe(201);
  expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'redis')).mode & 0o777).toBe(0o700);
  expect(await first.end('SIGINT')).toBe(0);
  expect(existsSync(join(folder, 'redis/redis.sock'))).toBe(false);

  const second = start();
  await second.says('Ctrl-C');
  const job = await caller(standaloneUrl(second))('GET', `/jobs/${String(created.field('job_id'))}`);
  expect(job.body).toMatchObject({ job: { status: 'succeeded', result: { name } } });
  expect(await second.end('SIGTERM')).toBe(0);
});

test('two do not share a folder, and what a killed one leaves behind is taken over', async () => {
  const first = start();
  await first.says('Ctrl-C');
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.output()).toBe(
    `podman-api runs already from this folder (process ${first.process.pid}): stop it first, or use another checkout.\n`,
  );
  const children = readFileSync(`/proc/${first.process.pid}/task/${first.process.pid}/children`, 'utf8').trim().split(' ');
  await first.end('SIGKILL');
  const apps = children.filter(pid => existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('redis'));
  await until(() => apps.every(pid => !existsSync(`/proc/${pid}`)));
  const third = start();
  await third.says('is healthy');
  expect(await third.end('SIGTERM')).toBe(0);
});

test('a signal to what "npm start" runs reaches the process itself', async () => {
  const { scripts }: { scripts: { start: string } } = JSON.parse(readFileSync('package.json', 'utf8'));
  const shell = startChild('sh', ['-c', scripts.start], standaloneVariables(folder));
  await shell.says('Ctrl-C');
  expect(await shell.end('SIGTERM')).toBe(0);
});

test('a wrong value stops the start with one line', async () => {
  for (const [name, value, allowed] of [
    ['MAX_WORKERS', '0', 'a whole number from 1 to 1000'],
    ['DEBUG', 'yes', 'true, 1, false or 0'],
    ['PORT', 'http', 'a whole number from 0 to 65535'],
    ['MAX_BODY', '10 megs', 'a size'],
  ] as const) {
    const child = start({ [name]: value });
    expect(await child.ended).toBe(1);
    expect(child.output()).toContain(`${name}="${value}" is not allowed: it must be ${allowed}`);
    expect(child.output().trimEnd()).not.toContain('\n');
  }
  const secret = start({ SECRET_KEY: 'too-short' });
  expect(await secret.ended).toBe(1);
  expect(secret.output()).not.toContain('too-short');
});

test('a port that is taken is said in one line, and nothing stays', async () => {
  const holder = startChild(process.execPath, [
    '-e',
    'require("http").createServer().listen(0, "127.0.0.1", function () { console.log("port " + this.address().port + ".") })',
  ]);
  await holder.says('.');
  const port = /port (\d+)/.exec(holder.output())?.[1] ?? '';
  const child = start({ PORT: port });
  expect(await child.ended).toBe(1);
  expect(child.output()).toContain(`PORT="${port}" can not be listened on (EADDRINUSE)`);
  await holder.end();
});
