import { images, sharedService, skipWithoutLimits, testPodman, until } from '@podman-api/testing';
import { letExit, startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { followStream, type StreamedEvent } from './events/follow-events.ts';

const { call, url } = sharedService();
const follow = (name: string, query: string, headers: Record<string, string> = {}) =>
  followStream(url, `/containers/${name}/${query}`, headers);
const textOf = (events: readonly StreamedEvent[], stream?: string) =>
  events.flatMap(({ event, text }) => (text !== undefined && (stream === undefined || event === stream) ? [text] : [])).join('');
const say = (name: string, text: string) => testPodman().run(['exec', '--', name, 'sh', '-c', `echo ${text} >/proc/1/fd/1`]);

describe('GET /containers/:name/logs?follow=true', () => {
  it('streams lines as they are written, continues after an event, and ends with the container; as text alone if the reader accepts only that', async () => {
    const script = 'echo one; echo err >&2; until [ -e /go ]; do usleep 20000; done; printf "wörld"; exit 3';
    const name = await startContainer(images.busybox, 'sh', '-c', script);
    const { events, ended } = await follow(name, 'logs?follow=true');
    await until(() => textOf(events).includes('one') && textOf(events).includes('err'));
    const cut = events[0];
    await say(name, 'two');
    await until(() => textOf(events).includes('two\n'));
    await letExit(name, '/go');
    await ended;
    expect(textOf(events, 'stdout')).toBe('one\ntwo\nwörld');
    expect(textOf(events, 'stderr')).toBe('err\n');
    expect(events.at(-1)).toMatchObject({ event: 'exit', exit_code: 3 });
    expect(events.map(({ event }) => event)).not.toContain('gap');

    const rest = await follow(name, 'logs?follow=true', { 'Last-Event-ID': cut?.id ?? '' });
    await rest.ended;
    expect(textOf(rest.events)).toBe(textOf(events.slice(1)));

    const last = await follow(name, 'logs?follow=true&tail=1&timestamps=true');
    await last.ended;
    expect(textOf(last.events)).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z wörld$/);

    const plain = await fetch(`${url}/api/v1/containers/${name}/logs?follow=1`, { headers: { Accept: 'text/plain' } });
    expect([plain.headers.get('Content-Type'), await plain.text()]).toEqual(['text/plain; charset=utf-8', textOf(events)]);
  });

  it('ends the job when the reader goes away', async () => {
    const name = await startContainer(images.busybox, 'sleep', '600');
    const { close } = await follow(name, 'logs?follow=true');
    const running = () => call('GET', `/jobs?operation=container.follow_logs&container=${name}&status=running`);
    expect((await running()).field('jobs.0.status')).toBe('running');
    close();
    await until(async () => (await running()).field('jobs.0') === undefined);
  });

  it('returns errors as JSON before the stream begins', async () => {
    const json = { Accept: 'application/json' };
    expect(await call('GET', `/containers/${uniqueContainerName()}/logs?follow=true`, undefined, json)).toMatchObject({ status: 400 });
    expect(await call('GET', `/containers/${uniqueContainerName()}/logs?follow=true`)).toMatchObject({ status: 404 });
    expect(await call('GET', '/containers/x/logs?follow=true&until=1')).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'until', message: 'until cannot be used with follow=true' }] } },
    });
    expect(await call('GET', '/containers/x/logs?follow=true', undefined, { 'Last-Event-ID': 'x' })).toMatchObject({ status: 400 });
    const later = { Prefer: 'respond-async' };
    expect(await call('GET', '/containers/x/logs?follow=true', undefined, later)).toMatchObject({ status: 400 });
  });
});

describe('GET /containers/:name/stats?stream=true', () => {
  it('streams figures to all readers by one podman process, until the container stops', async context => {
    skipWithoutLimits(context);
    const name = await startContainer(images.busybox, 'sh', '-c', 'until [ -e /go ]; do usleep 20000; done; exit 4');
    const streams = await Promise.all([1, 2].map(() => follow(name, 'stats?stream=true')));
    await until(() => streams.every(({ events }) => events.length >= 2));
    expect(streams[0]?.events[0]).toMatchObject({
      event: 'stats',
      stats: { name, cpu_percent: expect.any(Number), pids: expect.any(Number) },
    });
    await letExit(name, '/go');
    for (const { events, ended } of streams) {
      await ended;
      expect(events.at(-1)).toMatchObject({ event: 'exit', exit_code: 4 });
    }
    await until(async () => (await call('GET', `/containers/${name}/stats?stream=true`)).status === 409);
  });
});
