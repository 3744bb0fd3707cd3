import { randomUUID } from 'node:crypto';
import { ApiError, JobOutcomeError } from '@podman-api/errors';
import type { CountedPodman, Podman } from '@podman-api/podman';
import { testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { exec } from '../../src/container/exec/index.ts';
import type { ExecInput } from '../../src/container/exec/input.ts';
import { context } from '../recording-podman.ts';

/** The outcome of an exec for its caller; output is latin1, one character a byte. */
export interface ExecOutcome {
  readonly exitCode?: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly error?: { readonly type: string; readonly message: string; readonly details: unknown; readonly execution: unknown };
}

/**
 * Runs one exec. With a `timeout`, the time limit is reached as soon as it has written something: a busy host may take long to start
 * it.
 */
export async function runExec(podman: Podman, input: ExecInput): Promise<ExecOutcome> {
  const written = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const controller = new AbortController();
  const outcome = await exec
    .run(podman, input, {
      ...context,
      job: `node_${randomUUID()}`,
      signal: controller.signal,
      output(stream, bytes) {
        written[stream].push(bytes);
        if (input.timeout !== undefined) controller.abort(new JobOutcomeError('timed_out', 'The time limit was reached.'));
        return undefined;
      },
    })
    .then(
      ({ exit_code }) => ({ exitCode: exit_code }),
      (error: unknown) => ({ error: describeError(error) }),
    );
  const textOf = (pieces: Uint8Array[]) => Buffer.concat(pieces).toString('latin1');
  return { ...outcome, stdout: textOf(written.stdout), stderr: textOf(written.stderr) };
}

function describeError(error: unknown): NonNullable<ExecOutcome['error']> {
  if (!(error instanceof ApiError)) throw error;
  const { type, message, details, execution } = error.toJSON();
  return { type, message, details, execution: execution && { ...execution, duration_ms: 0 } };
}

interface PreparedContainer {
  readonly podman: CountedPodman;
  readonly name: string;
}

/** Two containers of one image: each exec in `cold` is a `podman exec`, and those in `warm` run in a session. */
export interface ContainerPair {
  readonly cold: PreparedContainer;
  readonly warm: PreparedContainer;
}

/** @param preparation shell command that runs in both containers */
export async function startContainerPair(image: string, preparation: string): Promise<ContainerPair> {
  const [coldName, warmName] = await Promise.all([startContainer(image), startContainer(image)]);
  const pair: ContainerPair = {
    cold: { podman: testPodman(), name: coldName },
    warm: { podman: testPodman(4, { maxSessions: 4 }), name: warmName },
  };
  for (const { podman, name } of [pair.cold, pair.warm]) await podman.run(['exec', '--', name, 'sh', '-c', preparation]);
  return pair;
}

/** Resolves once an exec of that user has run in a session, so that the next one can. */
export async function awaitSession({ podman, name }: PreparedContainer, user: string | undefined): Promise<void> {
  await until(async () => {
    const before = podman.ranInSessions;
    await runExec(podman, { name, command: ':', ...(user !== undefined && { user }) });
    return podman.ranInSessions > before;
  });
}
