import { text } from 'node:stream/consumers';
import { ApiError, JobOutcomeError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { extract } from 'tar-stream';
import { describe, expect, it, vi } from 'vitest';
import type { ContainerListener } from '../src/container-feed.ts';
import { validateInput } from '../src/index.ts';
import { imagePatternsOf } from '../src/policy/patterns.ts';
import { createRun } from '../src/run/create/index.ts';
import { callsOf, context, type Recorded, recordingPodman, runAnswers } from './recording-podman.ts';

const id = '0123456789abcdef'.repeat(4);
const given = { image: 'alpine', command: ['true'] };
const argsOf = async (input: object) => (await callsOf(createRun, { ...given, ...input }, runAnswers())).map(({ args }) => args);
const lease = (seconds: number) => `--label=podman-api.ttl=${seconds} node_job`;
const label = '--label=podman-api.job=node_job';

describe('run.create', () => {
  it('creates, sets up, starts, reads and removes a container', async () => {
    expect(await argsOf({ timeout: 10, stdin: 'x', outputs: ['/out'] })).toEqual([
      [
        'create',
        '--interactive',
        '--log-driver=none',
        '--http-proxy=false',
        '--name=run-node_job',
        label,
        lease(610),
        '--',
        'alpine',
        'true',
      ],
      ['init', '--', id],
      ['container', 'inspect', '--', id],
      ['start', '--attach', '--interactive', '--', id],
      ['container', 'inspect', '--', id],
      ['container', 'inspect', '--', id],
      ['cp', '--', `${id}:/out`, '-'],
      ['rm', '--force', '--time=0', '--volumes', '--', id],
    ]);
  });

  it.each([
    [{}, [lease(87_000)]],
    [{ ttl: 60 }, [lease(660)]],
    [{ ttl: 60, timeout: 10 }, [lease(610)]],
    [{ keep: true }, []],
    [{ keep: true, ttl: 60 }, [lease(60)]],
  ])('gives the container of %j the lease %j', async (input, labels) => {
    const [create = []] = await argsOf(input);
    expect(create.filter(arg => arg.startsWith('--label=podman-api.ttl'))).toEqual(labels);
  });

  it('keeps the container and its log with keep', async () => {
    const calls = await argsOf({ keep: true });
    expect(calls.flat()).not.toContain('--log-driver=none');
    expect(calls.map(([verb]) => verb)).not.toContain('rm');
    const input = validateInput(createRun, { ...given, keep: true, ttl: 9 });
    const result = await createRun.run(recordingPodman(runAnswers()), input, context);
    expect(result.container).toEqual({ id: id.slice(0, 12), name: 'run-node_job' });
    expect(createRun.effect?.(input, result)).toEqual({ created: { id: id.slice(0, 12), name: 'run-node_job', ttl: 9 } });
  });

  it('copies all files in one archive, with their modes', async () => {
    const files = [
      { path: '/work/a', content: 'A' },
      { path: '/b', content: 'Qg==', encoding: 'base64', mode: '0755' },
    ];
    const calls = await callsOf(createRun, { ...given, files }, runAnswers());
    const puts = calls.filter(({ args }) => args[0] === 'cp');
    expect(puts.map(({ args }) => args)).toEqual([['cp', '--archive=false', '--', '-', `${id}:/`]]);
    const archive = extract();
    archive.end(puts[0]?.options.stdinFile);
    const entries: string[] = [];
    for await (const entry of archive) entries.push(`${entry.header.name} ${entry.header.mode?.toString(8)} ${await text(entry)}`);
    expect(entries).toEqual(['work/a 644 A', 'b 755 B']);
  });

  it('returns what was observed, and what the command wrote', async () => {
    const result = await createRun.run(recordingPodman(runAnswers(3)), validateInput(createRun, given), context);
    const chunks = [{ stream: 'stdout', bytes: Buffer.from('hi\n') } as const];
    expect(createRun.present?.(result, { chunks, truncated: false, incomplete: false })).toEqual({
      exit_code: 3,
      success: false,
      stdout: 'hi\n',
      stderr: '',
      output: 'hi\n',
      truncated: false,
      duration_ms: 1250,
      timed_out: false,
      oom_killed: false,
      usage: { cpu_ms: 1, max_memory: 2 },
      files: [],
    });
  });

  /** Runs a command whose job is ended just before or after the command's own end, and returns its result. */
  const endedWhileRunning = (
    reason: JobOutcomeError | ApiError,
    state: { readonly ExitCode: number; readonly finishedAfterMs: number },
  ) => {
    const controller = new AbortController();
    const { run } = runAnswers();
    let FinishedAt = '';
    const answers = (args: readonly string[], calls: readonly Recorded[]) => {
      const text = typeof run === 'function' ? run(args, calls) : '';
      if (args[0] !== 'container' || FinishedAt === '') return text;
      const [entry] = JSON.parse(text);
      return JSON.stringify([{ ...entry, State: { ...entry.State, Status: 'exited', FinishedAt, ExitCode: state.ExitCode } }]);
    };
    const podman: Podman = {
      ...recordingPodman({ run: answers }),
      async startAttached(_command, { stop }) {
        controller.abort(reason);
        FinishedAt = new Date(Date.now() + state.finishedAfterMs).toISOString();
        await stop?.();
        return { exitCode: state.ExitCode, usage: { cpuMs: 1, maxMemoryBytes: 2, oomKills: 0 } };
      },
    };
    return createRun.run(podman, validateInput(createRun, given), { ...context, signal: controller.signal });
  };
  const shutDown = new ApiError('PodmanAPIError', 'The worker was shut down.');
  const timedOut = new JobOutcomeError('timed_out', 'The time limit was reached.');

  it.each([
    [0, -5000],
    [137, -5000],
    [0, 5000],
    [3, 5000],
  ])('returns the outcome of a command that had ended by itself when its worker was shut down: %i, %i ms later', async (code, afterMs) => {
    const result = await endedWhileRunning(shutDown, { ExitCode: code, finishedAfterMs: afterMs });
    expect(result).toMatchObject({ exit_code: code, success: code === 0, timed_out: false });
  });

  it('fails if the command was killed because its worker was shut down', async () => {
    await expect(endedWhileRunning(shutDown, { ExitCode: 137, finishedAfterMs: 5000 })).rejects.toBe(shutDown);
  });

  it.each([
    [-5000, false],
    [5000, true],
  ])('was ended at its time limit only if the command ran until then: it ended %i ms later', async (finishedAfterMs, timed_out) => {
    const result = await endedWhileRunning(timedOut, { ExitCode: 0, finishedAfterMs });
    expect(result).toMatchObject({ exit_code: 0, success: !timed_out, timed_out });
  });

  it('removes the container if the job is cancelled, by its label if podman did not return its id', async () => {
    const cancelled = new JobOutcomeError('cancelled', 'cancelled');
    const podman = recordingPodman({
      run: ([verb]) => {
        if (verb === 'create') throw cancelled;
        return verb === 'ps' ? `${id} created\n` : '';
      },
    });
    await expect(createRun.run(podman, validateInput(createRun, given), context)).rejects.toBe(cancelled);
    expect(podman.calls.at(-1)?.args).toEqual(['rm', '--force', '--time=0', '--volumes', '--', id]);
  });

  it('may have been started if its worker has died and there is no container: another worker may have removed it', async () => {
    const outcome = await createRun.recover?.(recordingPodman({ run: '' }), validateInput(createRun, given), context);
    expect(outcome).toBeUndefined();
  });

  it('leaves a container that podman cannot remove to the expiry', async () => {
    const expired: string[] = [];
    const renewals = { ...context.renewals, set: (container: string, expiresAtMs: number) => expired.push(container) && expiresAtMs };
    const { run } = runAnswers();
    const podman = recordingPodman({
      run(args, calls) {
        if (args[0] === 'rm') throw new Error('busy');
        return typeof run === 'function' ? run(args, calls) : '';
      },
    });
    await createRun.run(podman, validateInput(createRun, given), { ...context, renewals });
    expect(expired).toEqual([id.slice(0, 12)]);
  });

  it.each([
    ['created', true],
    ['initialized', false],
    ['running', false],
    ['exited', false],
  ])('removes a container in the state %s after its worker has died; it was not started: %s', async (state, isCertain) => {
    const podman = recordingPodman({ run: ([verb]) => (verb === 'ps' ? `${id} ${state}\n` : '') });
    const outcome = await createRun.recover?.(podman, validateInput(createRun, given), context);
    expect(outcome).toEqual(isCertain ? expect.objectContaining({ type: 'ServiceUnavailableError' }) : undefined);
    expect(podman.calls.filter(({ args }) => args[0] === 'rm')).toHaveLength(2);
  });

  /** Runs a command whose start the feed of containers reports or not. @returns the delays of the timers that were set, in ms */
  const delaysOf = async (input: object, isStartReported: boolean) => {
    const report = (listener: ContainerListener) =>
      listener.onEvent?.({ id: id.slice(0, 12), status: 'start', timeMs: Date.now(), exitCode: null });
    const subscribe = (listener: ContainerListener) => {
      if (isStartReported) queueMicrotask(() => report(listener));
      return () => undefined;
    };
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const task = { ...context, containers: { subscribe } };
    await createRun.run(recordingPodman(runAnswers()), validateInput(createRun, { ...given, ...input }), task);
    const delays = timers.mock.calls.map(([, delayMs = 0]) => delayMs);
    timers.mockRestore();
    return delays;
  };

  it('counts the time limit from the start of the command', async () => {
    expect(await delaysOf({ timeout: 7 }, true)).toContain(7000);
    expect(await delaysOf({ timeout: 7 }, false)).not.toContain(7000);
  });

  it('sets no timer that a ttl of years would overflow', async () => {
    expect(Math.max(...(await delaysOf({ ttl: 315_360_000 }, true)))).toBe(86_400_000);
  });

  it('is refused by the policy as a create is', () => {
    const policy = { ...context.policy, images: imagePatternsOf(['debian']) };
    const input = validateInput(createRun, { ...given, network: 'host', cap_add: ['SYS_ADMIN'] });
    expect(createRun.refusals?.(input, policy).map(({ path }) => path)).toEqual(['image', 'cap_add.0', 'network']);
  });

  it.each([
    [{ restart_policy: 'always' }, 'restart_policy'],
    [{ name: 'web' }, 'name'],
    [{ timeout: 0 }, 'timeout'],
    [{ outputs: ['/a/'] }, 'outputs.0'],
    [{ outputs: ['/a*'] }, 'outputs.0'],
    [{ outputs: ['/a', '/./a'] }, 'outputs'],
    [
      {
        files: [
          { path: '/a', content: 'x' },
          { path: '//a', content: 'y' },
        ],
      },
      'files',
    ],
    [{ files: [{ path: '/proc/x', content: '' }] }, 'files.0.path'],
    [{ files: [{ path: '/x', content: '!', encoding: 'base64' }] }, 'files.0.content'],
    [{ files: [{ path: '/x' }] }, 'files.0.content'],
  ])('returns 400 for %j', (input, path) => {
    expect(() => validateInput(createRun, { ...given, ...input })).toThrow(
      expect.objectContaining({ status: 400, fields: { details: [{ path, message: expect.any(String) }] } }),
    );
  });
});
