import { Writable } from 'node:stream';
import { type Podman, PodmanFault } from '@podman-api/podman';
import { describe, expect, it } from 'vitest';
import type { ContainerListener } from '../src/container-feed.ts';
import { dockerStartAttached } from '../src/docker/start-attached.ts';
import { context, createChannel, recordingPodman } from './recording-podman.ts';

const id = '0123456789abcdef'.repeat(4);
const shortened = id.slice(0, 12);
type StartAttached = Podman['startAttached'];
const ended = { exitCode: 0, usage: { cpuMs: 1, maxMemoryBytes: 2, oomKills: 0 } };

/** A container that has run before, with its client's channel and the listener for its events. */
class StoppedContainer {
  /** What the client has received. */
  readonly received: string[] = [];
  /** What the container has read. */
  readonly input: string[] = [];
  /** Number of set-ups. */
  setUps = 0;
  /** Whether inspects of the container fail, and how. */
  inspectError: Error | undefined;
  #state = { Status: 'exited', Pid: 0, ExitCode: 0, StartedAt: '2026-01-05T09:30:00Z' };
  #listenerCount = 0;
  #listener: ContainerListener | undefined;
  #starts: readonly StartAttached[] = [];

  /** Runs the task. @param starts what each attached start does */
  run(...starts: readonly StartAttached[]): Promise<object> {
    this.#starts = starts;
    const channel = {
      ...createChannel(Buffer.from('typed')),
      write: async (bytes: Uint8Array) => void this.received.push(Buffer.from(bytes).toString('latin1')),
      send: async (message: object) => void this.received.push(JSON.stringify(message)),
    };
    const subscribe = (listener: ContainerListener) => {
      this.#listener = listener;
      this.#listenerCount += 1;
      return () => {
        this.#listenerCount = 0;
      };
    };
    const podman = recordingPodman({ run: args => this.#answer(args) });
    const startAttached: StartAttached = (...all) => (this.#starts[this.setUps - 1] ?? (async () => ended))(...all);
    const ownContext = { ...context, channel: async () => channel, containers: { subscribe } };
    return dockerStartAttached.run({ ...podman, startAttached }, { name: 'web', stdin: true }, ownContext);
  }

  /** Lets the container's process start. */
  start(): void {
    this.#state = { ...this.#state, Status: 'running', Pid: 7, StartedAt: '2026-01-05T09:30:05Z' };
  }

  /** Undoes the set-up, or ends the process. */
  stop(): void {
    this.#state = { ...this.#state, Status: 'exited', Pid: 0 };
  }

  reportEvent(status: 'start' | 'died', timeMs = 0): void {
    this.#listener?.onEvent?.({ id: shortened, status, timeMs, exitCode: 0 });
  }

  get hasListener(): boolean {
    return this.#listenerCount > 0;
  }

  reportList(): void {
    this.#listener?.onList?.(new Map([[shortened, { status: this.#state.Status, exitCode: null }]]), 0);
  }

  /** Returns the stdin of one start. */
  openStdin(input: string[] = this.input): Writable {
    return new Writable({
      write(bytes, _encoding, callback) {
        input.push(String(bytes));
        callback();
      },
    });
  }

  #answer([verb]: readonly string[]): string {
    if (verb === 'init') {
      this.setUps += 1;
      this.#state = { ...this.#state, Status: 'initialized', Pid: 7 };
    }
    if (verb !== 'container') return `${id}\n`;
    if (this.inspectError) throw this.inspectError;
    return JSON.stringify([{ Id: id, State: this.#state, Mounts: [], HostConfig: { RestartPolicy: { Name: 'no' } }, Config: {} }]);
  }
}

const ready = '{"type":"ready","offset":0}';
const exit = '{"type":"exit","exit_code":0}';

describe('docker.start_attached', () => {
  it.each([
    ['an event', (container: StoppedContainer) => container.reportEvent('start')],
    ['a list, if the event was lost', (container: StoppedContainer) => container.reportList()],
  ])('announces the start by %s, before the output, and reads the input then', async (_by, report) => {
    const container = new StoppedContainer();
    const result = container.run(async ({ onStdin }, { onOutput }) => {
      onStdin?.(container.openStdin());
      container.start();
      void onOutput('stdout', Buffer.from('hello'));
      report(container);
      await expect.poll(() => container.input).toEqual(['typed']);
      container.stop();
      return ended;
    });
    expect(await result).toEqual({ exit_code: 0 });
    expect(container.received).toEqual([ready, expect.stringContaining('hello'), exit]);
  });

  it('starts again, with all input, if the set-up was undone, in spite of an event of the last run and a warning of podman', async () => {
    const container = new StoppedContainer();
    const inputOfUndone: string[] = [];
    const undone: StartAttached = async ({ onStdin }, { onOutput }) => {
      onStdin?.(container.openStdin(inputOfUndone));
      container.stop();
      container.reportEvent('died');
      await onOutput('stderr', Buffer.from('a warning'));
      return ended;
    };
    const result = container.run(undone, async ({ onStdin }) => {
      onStdin?.(container.openStdin());
      container.start();
      container.reportEvent('start');
      await expect.poll(() => container.input).toEqual(['typed']);
      container.stop();
      return ended;
    });
    expect(await result).toEqual({ exit_code: 0 });
    expect(container.setUps).toBe(2);
    expect(inputOfUndone).toEqual([]);
    expect(container.received).toEqual([ready, exit]);
    expect(container.hasListener).toBe(false);
  });

  it('returns the exit code of a container that is removed at its end before it was seen', async () => {
    const container = new StoppedContainer();
    const result = container.run(async () => {
      container.inspectError = new PodmanFault('no-container', 'NotFoundError', 'There is no container web.', '');
      container.reportEvent('start', Date.now());
      return ended;
    });
    expect(await result).toEqual({ exit_code: 0 });
    expect(container.received).toEqual([ready, exit]);
  });

  it('passes on output that exceeds the buffer, if only a list of containers shows that the container ran', async () => {
    const container = new StoppedContainer();
    const result = container.run(async (_command, { onOutput }) => {
      container.start();
      container.stop();
      const taken = onOutput('stdout', Buffer.alloc(100_000, 'x'));
      container.reportList();
      await taken;
      return ended;
    });
    expect(await result).toEqual({ exit_code: 0 });
    expect(container.received).toEqual([ready, expect.stringContaining('xxx'), exit]);
  });

  it('has an unknown outcome if podman fails after the end and the start was not seen', async () => {
    const container = new StoppedContainer();
    const result = container.run(async () => {
      container.inspectError = new Error('podman failed');
      return ended;
    });
    await expect(result).rejects.toMatchObject({ outcome: 'unknown' });
    expect(container.hasListener).toBe(false);
  });

  it('returns the error of a start that failed, also of a container that has run before', async () => {
    const container = new StoppedContainer();
    const fault = new PodmanFault('too-much-memory', 'PodmanAPIError', 'the container was not started', '');
    const result = container.run(async () => ({ ...ended, exitCode: 126, fault }));
    await expect(result).rejects.toBe(fault);
    expect(container.received).toEqual([]);
  });

  it('has an unknown outcome if podman was killed before the start was recorded, and does not start again', async () => {
    const container = new StoppedContainer();
    await expect(container.run(async () => ({ ...ended, exitCode: null }))).rejects.toMatchObject({ outcome: 'unknown' });
    expect(container.setUps).toBe(1);
  });

  it('has an unknown outcome if something else has started the container', async () => {
    const container = new StoppedContainer();
    const result = container.run(async () => {
      container.start();
      return ended;
    });
    await expect(result).rejects.toMatchObject({ outcome: 'unknown' });
  });
});
