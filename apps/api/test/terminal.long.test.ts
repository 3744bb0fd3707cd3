import { images, type Service, startApi, startApp, startService, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTerminal } from './terminals/terminal-client.ts';

const podman = testPodman();
let service: Service;
let name: string;
let path: string;
beforeAll(async () => {
  service = await startService();
  name = await startContainer(images.busybox);
  path = `/containers/${name}/terminal`;
});
afterAll(() => service.stop());

const processes = () => podman.run(['exec', '--', name, 'ps']);

describe('a terminal', () => {
  it('echoes a key in some milliseconds', async () => {
    const client = openTerminal(service.url, `${path}?command=cat`);
    await client.message('ready');
    const durations: number[] = [];
    for (let key = 0; key < 200; key += 1) {
      const before = client.output().length;
      const startedAt = performance.now();
      const echoed = new Promise(resolve => client.socket.once('message', resolve));
      client.type(key % 50 === 49 ? '\n' : 'x');
      await echoed;
      durations.push(performance.now() - startedAt);
      await until(() => client.output().length > before);
    }
    durations.sort((one, other) => one - other);
    const at = (share: number) => (durations[Math.floor(durations.length * share)] ?? 0).toFixed(1);
    console.log(`echo of a key: median ${at(0.5)} ms, 95 % within ${at(0.95)} ms`);
    client.type('\x04');
    expect(await client.closed()).toBe(1000);
  });

  it('is ended in the container when no client is connected for longer than reconnect_timeout', async () => {
    const client = openTerminal(service.url, `${path}?command=sleep&command=4371&reconnect_timeout=1`);
    const { session } = await client.message('ready');
    client.socket.terminate();
    const { body } = await service.call('GET', `/jobs/${session}?wait=60`);
    expect(body).toMatchObject({ job: { status: 'cancelled', error: { message: expect.stringContaining('no client was connected') } } });
    expect(await processes()).not.toContain('sleep 4371');
  });

  it('goes on at another API process after its own has died, and closes with 1012 when a process stops', async () => {
    const [first, second] = [await startApi(service.env), await startApi(service.env)];
    const client = openTerminal(first.url, `${path}?command=sh`);
    const { session } = await client.message('ready');
    client.type('echo one-$((40+2))\n');
    await until(() => client.output().includes('one-42'));
    await first.api.end('SIGKILL');

    const since = Buffer.byteLength(client.output());
    const next = openTerminal(second.url, `${path}?session=${session}&since=${since}&takeover=true`);
    expect(await next.message('ready')).toMatchObject({ offset: since });
    next.type('echo two-$((40+3))\n');
    await until(() => next.output().includes('two-43'));

    const stopping = second.api.end('SIGTERM');
    expect(await next.closed()).toBe(1012);
    expect(await stopping).toBe(0);
    const last = openTerminal(service.url, `${path}?session=${session}&takeover=true`);
    await until(() => last.output().includes('two-43'));
    last.socket.close(1000);
    await service.call('GET', `/jobs/${session}?wait=60`);
  });

  it('is ended in the container by another worker when its own has died', async () => {
    const client = openTerminal(service.url, `${path}?command=sleep&command=4372`);
    await client.message('ready');
    await service.worker.end('SIGKILL');
    const another = startApp('worker', service.env);
    expect(await client.message('error')).toMatchObject({ error: { type: 'PodmanAPIError', message: expect.stringContaining('unknown') } });
    await until(async () => !(await processes()).includes('sleep 4372'));
    expect(await another.end('SIGTERM')).toBe(0);
  });
});
