import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Podman } from '@podman-api/podman';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '../src/container/start/index.ts';
import { dockerStartAttached } from '../src/docker/start-attached.ts';
import { createRun } from '../src/run/create/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

const id = '0123456789abcdef'.repeat(4);
let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'podman-api-start-')));
  mkdirSync(join(folder, 'sub'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A podman with a stopped container whose set-up is undone at once, `times` times. */
function podmanThatUndoes(times: number, isGoneWhenRead: () => boolean = () => false) {
  let status = 'exited';
  let inits = 0;
  let starts = 0;
  let undoneStarts = 0;
  const run = ([verb]: readonly string[]) => {
    if (verb === 'init') {
      inits += 1;
      if (inits > times) status = 'initialized';
    }
    if (verb === 'start') status = 'running';
    if (verb !== 'container') return `${id}\n`;
    if (isGoneWhenRead()) throw new Error('there is no such container');
    const State = { Status: status, Pid: status === 'exited' ? 0 : 7, ExitCode: 0, StartedAt: `2026-01-05T09:30:0${starts}Z` };
    const mount = { Type: 'bind', Source: join(folder, 'sub'), Destination: '/data' };
    return JSON.stringify([
      { Id: id, State, Mounts: [mount], HostConfig: { RestartPolicy: { Name: 'no' } }, Config: { Labels: { 'podman-api.job': 'x' } } },
    ]);
  };
  const podman = recordingPodman({ run });
  const mountsOf: Podman['mountsOf'] = async pid => [
    { device: '1:0', root: pid === 'self' ? '/' : join(folder, 'sub'), target: pid === 'self' ? '/' : '/data' },
  ];
  const countOf = (verb: string) => podman.calls.filter(({ args }) => args[0] === verb).length;
  const startAttached: Podman['startAttached'] = async (command, options) => {
    status = 'exited';
    if (undoneStarts > 0) undoneStarts -= 1;
    else starts += 1;
    return podman.startAttached(command, options);
  };
  /** Lets set-ups be undone between their verification and the next attached starts, which then do nothing. */
  const undoBeforeStarts = (count: number) => {
    undoneStarts = count;
  };
  return { podman: { ...podman, mountsOf, startAttached }, countOf, undoBeforeStarts };
}

const withMounts = () => ({ ...context, policy: { ...context.policy, mounts: [folder] } });

describe('a start whose set-up is undone', () => {
  it('sets a container up again until it stays so', async () => {
    const { podman, countOf } = podmanThatUndoes(4);
    expect(await start.run(podman, { name: 'web' }, withMounts())).toEqual({ name: 'web', status: 'started' });
    expect([countOf('init'), countOf('start')]).toEqual([5, 1]);
  });

  it('sets the container of a run up again', async () => {
    const { podman, countOf } = podmanThatUndoes(2);
    await createRun.run(podman, { image: 'alpine', command: ['true'] }, context);
    expect([countOf('init'), countOf('start')]).toEqual([3, 1]);
  });

  it('sets up a container again that a client is attached to', async () => {
    const { podman, countOf } = podmanThatUndoes(2);
    expect(await dockerStartAttached.run(podman, { name: 'web', stdin: false }, context)).toEqual({ exit_code: 0 });
    expect([countOf('init'), countOf('start')]).toEqual([3, 1]);
  });

  it('sets up a container again that a client is attached to if the set-up was undone just before the start', async () => {
    const { podman, countOf, undoBeforeStarts } = podmanThatUndoes(0);
    undoBeforeStarts(2);
    expect(await dockerStartAttached.run(podman, { name: 'web', stdin: false }, context)).toEqual({ exit_code: 0 });
    expect([countOf('init'), countOf('start')]).toEqual([3, 3]);
  });

  it('ends with the reason of a cancellation, also between two attempts and if the container is gone', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const { podman, countOf } = podmanThatUndoes(Number.POSITIVE_INFINITY, () => controller.signal.aborted);
    const starting = start.run(podman, { name: 'web' }, { ...withMounts(), signal: controller.signal });
    await expect.poll(() => countOf('init'), { timeout: 60_000 }).toBe(3);
    controller.abort(reason);
    await expect(starting).rejects.toBe(reason);
  });

  it('ends with the reason of a cancellation if podman was ended while a client was attached', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const { podman } = podmanThatUndoes(0);
    const startAttached: Podman['startAttached'] = async (command, options) => {
      const result = await podman.startAttached(command, options);
      controller.abort(reason);
      return { ...result, exitCode: null };
    };
    const input = { name: 'web', stdin: false };
    const attached = dockerStartAttached.run({ ...podman, startAttached }, input, { ...context, signal: controller.signal });
    await expect(attached).rejects.toBe(reason);
  });
});
