import { images, type Service, sharedService, startApi, startService, type TestApi, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts';

let name: string;
let proxy: CuttingProxy | undefined;
beforeAll(async () => {
  name = await startContainer(images.busybox);
});
afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
});

/** Returns how often a command has added a line to /count, and begins to count again. */
async function takeCount(): Promise<unknown> {
  const command = 'wc -l </count; rm /count';
  return (await sharedService().call('POST', `/containers/${name}/exec`, { command })).field('execution.stdout');
}

const touch = (path: string) => sharedService().call('POST', `/containers/${name}/files`, { dest_path: path, content: '' });

describe('a cut connection', () => {
  it('before the answer does not make the command run twice', async () => {
    proxy = await startCuttingProxy(sharedService().url, { answers: 2 });
    const result = await createCommandLine(proxy.url).run('exec', name, 'sh', '-c', 'echo x >>/count; echo done; exit 3');
    expect(result).toEqual({ code: 3, stdout: 'done\n', stderr: '' });
    expect(proxy.cuts).toBe(2);
    expect(await takeCount()).toBe('1\n');
  });

  it('after each line of a running command loses and repeats none', async () => {
    proxy = await startCuttingProxy(sharedService().url, { answers: 0, streamBytes: 0 });
    const script = 'for i in 1 2 3 4; do echo "line $i"; until [ -e /seen$i ]; do usleep 20000; done; done';
    const running = createCommandLine(proxy.url).start('exec', name, 'sh', '-c', script);
    for (const line of [1, 2, 3, 4]) {
      await running.waitForOutput(`line ${line}\n`);
      await touch(`/seen${line}`);
    }
    expect(await running.result).toEqual({ code: 0, stdout: 'line 1\nline 2\nline 3\nline 4\n', stderr: '' });
    expect(proxy.cuts).toBeGreaterThanOrEqual(4);
  });

  it('within a line of output that is already there loses and repeats none', async () => {
    const { call, url } = sharedService();
    const { field } = await call('POST', `/containers/${name}/exec`, { command: 'seq 2000' });
    proxy = await startCuttingProxy(url, { answers: 0, streamBytes: 700 });
    const result = await createCommandLine(proxy.url).run('jobs', 'follow', String(field('job_id')));
    const lines = Array.from({ length: 2000 }, (_, index) => `${index + 1}\n`).join('');
    expect(result).toEqual({ code: 0, stdout: lines, stderr: '' });
    expect(proxy.cuts).toBeGreaterThanOrEqual(1);
  });
});

describe('a service of which a part is killed', () => {
  let service: Service;
  /** Another API process of the service, which a test kills. */
  let other: TestApi;
  beforeAll(async () => {
    service = await startService();
    // On an address that no other test uses, so that none takes its port while it is down.
    other = await startApi({ ...service.env, HOST: '127.0.0.2' });
  });
  afterAll(async () => {
    await other.api.end();
    await service.stop();
  });

  it('continues with the output after a new start of the API, and runs nothing twice', async () => {
    const script = 'echo x >>/count; echo first; until [ -e /go ]; do usleep 20000; done; echo second; exit 4';
    const running = createCommandLine(other.url).start('exec', name, 'sh', '-c', script);
    await running.waitForOutput('first\n');
    await other.api.end('SIGKILL');
    await touch('/go');
    other = await startApi({ ...service.env, HOST: '127.0.0.2', PORT: new URL(other.url).port });
    expect(await running.result).toEqual({ code: 4, stdout: 'first\nsecond\n', stderr: '' });
    expect(await takeCount()).toBe('1\n');
  });

  it('gets the call again when Redis is back', async () => {
    await service.redis.kill();
    const running = createCommandLine(service.url, { PODMAN_API_RETRY_TIMEOUT: '600' }).start('exec', name, 'echo', 'after all');
    await until(async () => (await service.call('GET', '/health')).status === 503);
    await service.redis.restart();
    expect(await running.result).toEqual({ code: 0, stdout: 'after all\n', stderr: '' });
  });
});
