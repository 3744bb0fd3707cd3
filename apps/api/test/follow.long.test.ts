import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { images, type Service, startApp, startService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { followStream, type StreamedEvent } from './events/follow-events.ts';
import { watchMemory } from './transfers/measure.ts';

/** About 100 KB a second, in lines of 100 bytes. */
const chatter = 'while :; do head -c 9900 /dev/zero | tr "\\0" x | fold -w 99; echo; usleep 100000; done';
/** Memory that each process may take for all followers. */
const maxMebibytes = 250;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const pidsOf = ({ api, worker, redis }: Service) =>
  [api.process.pid, worker.process.pid, ...redis.servers.map(({ child }) => child.process.pid)].map(pid => pid ?? 0);
const runningOf = async (name: string) => {
  const jobs = (await service.call('GET', `/jobs?container=${name}&status=running&limit=200`)).field('jobs');
  return Array.isArray(jobs) ? jobs.length : 0;
};
const textOf = (events: readonly StreamedEvent[]) => events.map(({ text }) => (typeof text === 'string' ? text : '')).join('');

describe('GET /containers/:name/logs?follow=true', () => {
  it('serves 100 endless followers with bounded memory, half of which do not read', async () => {
    const name = await startContainer(images.busybox, 'sh', '-c', chatter);
    const memory = watchMemory(pidsOf(service));
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const open = async () => {
      const response = await fetch(`${service.url}/api/v1/containers/${name}/logs?follow=true`, { signal: controller.signal });
      expect(response.status).toBe(200);
      return response;
    };
    const received = Array.from({ length: 50 }, () => 0);
    const readers = received.map(async (_, index) => {
      for await (const bytes of (await open()).body ?? []) received[index] = (received[index] ?? 0) + bytes.length;
    });
    for (const reader of readers) reader.catch(() => {});
    const idle = await Promise.all(received.map(open));
    await until(() => Math.min(...received) > 2e6);
    const [api = 0, worker = 0, ...redis] = memory.stop();
    console.log(`100 followers above idle: API ${api}, worker ${worker}, Redis ${redis.join('+')} MiB`);
    for (const mebibytes of [api, worker, ...redis]) expect(mebibytes).toBeLessThan(maxMebibytes);
    expect(idle).toHaveLength(50);
    controller.abort();
    await until(async () => (await runningOf(name)) === 0);
  });

  it('leaves nothing of a client that is killed', async () => {
    const name = await startContainer(images.busybox, 'sh', '-c', chatter);
    const streams = ['logs?follow=true', 'stats?stream=true'].map(path => `${service.url}/api/v1/containers/${name}/${path}`);
    const client = spawn('curl', ['--silent', '--no-progress-meter', '--no-buffer', '--parallel', '--parallel-immediate', ...streams], {
      stdio: 'ignore',
    });
    onTestFinished(() => void client.kill('SIGKILL'));
    await until(async () => (await runningOf(name)) === 2);
    client.kill('SIGKILL');
    await once(client, 'exit');
    await until(async () => (await runningOf(name)) === 0);
  });

  it('continues after an event without a lost or repeated line when the worker has died', async () => {
    const count = 'i=0; while :; do i=$((i+1)); echo $i; usleep 20000; done';
    const name = await startContainer(images.busybox, 'sh', '-c', count);
    const first = await followStream(service.url, `/containers/${name}/logs?follow=true&tail=all`);
    await until(() => first.events.length > 5);
    await service.worker.end('SIGKILL');
    const another = startApp('worker', service.env);
    onTestFinished(async () => void (await another.end('SIGTERM')));
    await first.ended;
    expect(first.events.at(-1)).toMatchObject({ event: 'error', type: 'ServiceUnavailableError' });
    const last = first.events.at(-1)?.id ?? '';
    const rest = await until(() =>
      followStream(service.url, `/containers/${name}/logs?follow=true`, { 'Last-Event-ID': last }).catch(() => undefined),
    );
    await until(() => rest.events.length > 5);
    const numbers = (textOf(first.events) + textOf(rest.events)).split('\n').slice(0, -1).map(Number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(numbers.length).toBeGreaterThan(10);
  });
});
