import { setTimeout as delay } from 'node:timers/promises';
import { images, type Service, startApi, startApp, startService, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTerminal } from './terminals/terminal-client.ts';
import { watchMemory } from './transfers/measure.ts';

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
    const quantile = (share: number) => (durations[Math.floor(durations.length * share)] ?? 0).toFixed(1);
    console.log(`echo of a key: median ${quantile(0.5)} ms, 95 % within ${quantile(0.95)} ms`);
    client.type('\x04');
    expect(await client.waitForClose()).toBe(1000);
  });

  /*
   * 1. A command writes 64 MiB to a client that does not read.
   * 2. It has to stop far before the end, and no process keeps much of it.
   * 3. The client reads, and gets every byte.
   */
  it.each([true, false])('stops its command while the client does not read, in bounded memory (tty=%s)', async tty => {
    const blocks = 1024;
    const blockBytes = 65_536;
    const progress = `/progress-${tty}`;
    const script = `n=0; while [ $n -lt ${blocks} ]; do head -c ${blockBytes} /dev/zero; n=$((n+1)); echo $n >${progress}; done`;
    const readBlocks = async () => Number(await podman.run(['exec', '--', name, 'cat', progress]).catch(() => 0));
    const redis = Number(/process_id:(\d+)/.exec(await service.redis.sendCommand('INFO', 'server'))?.[1]);
    const memory = watchMemory([service.api.process.pid ?? 0, service.worker.process.pid ?? 0, redis]);
    const client = openTerminal(service.url, `${path}?tty=${tty}&command=sh&command=-c&command=${encodeURIComponent(script)}`);
    await client.message('ready');
    client.socket.pause();
    let stalledAt = 0;
    await until(async () => {
      stalledAt = await readBlocks();
      return stalledAt > 0 && stalledAt === (await delay(1000).then(readBlocks));
    });
    const growth = memory.stop();
    console.log(`tty=${tty}: stopped after ${stalledAt * blockBytes} bytes; API, worker and Redis grew by ${growth.join(', ')} MiB`);
    expect(stalledAt).toBeLessThan(blocks / 2);
    for (const mebibytes of growth) expect(mebibytes).toBeLessThan(80);
    client.socket.resume();
    expect(await client.waitForClose()).toBe(1000);
    expect(client.messages.at(-1)).toEqual({ type: 'exit', exit_code: 0 });
    const received = client.output().replaceAll('\x01', '');
    expect(received.length).toBe(blocks * blockBytes);
  });

  it('is ended in the container when no client is connected for longer than reconnect_timeout', async () => {
    const client = openTerminal(service.url, `${path}?command=sleep&command=4371&reconnect_timeout=1`);
    const { session } = await client.message('ready');
    client.socket.terminate();
    const { body } = await service.call('GET', `/jobs/${session}?wait=60`);
    expect(body).toMatchObject({ job: { status: 'cancelled', error: { message: expect.stringContaining('no client was connected') } } });
    expect(await processes()).not.toContain('sleep 4371');
  });

  it('continues at another API process after its own has died, and closes with 1012 when a process stops', async () => {
    const [first, second] = [await startApi(service.env), await startApi(service.env)];
    const client = openTerminal(first.url, `${path}?command=sh`);
    const { session } = await client.message('ready');
    client.type('echo one-$((40+2))\n');
    await until(() => client.output().includes('one-42'));
    await first.api.end('SIGKILL');

    // Neither client needs `takeover`: Redis knows that the process is gone.
    const since = Buffer.byteLength(client.output());
    const next = openTerminal(second.url, `${path}?session=${session}&since=${since}`);
    expect(await next.message('ready')).toMatchObject({ offset: since });
    next.type('echo two-$((40+3))\n');
    await until(() => next.output().includes('two-43'));

    const stopping = second.api.end('SIGTERM');
    expect(await next.waitForClose()).toBe(1012);
    const last = openTerminal(service.url, `${path}?session=${session}`);
    await until(() => last.output().includes('two-43'));
    expect(await stopping).toBe(0);
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
