import { randomUUID } from 'node:crypto';
import { ApiError, JobEnded } from '@podman-api/errors';
import type { CountedPodman, Podman } from '@podman-api/podman';
import { testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { type ExecInput, exec } from '../../src/container/exec.ts';
import { context } from '../recording-podman.ts';

/** What a caller sees of an exec. */
export interface Seen {
  readonly exitCode?: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly error?: { readonly type: string; readonly message: string; readonly details: unknown; readonly execution: unknown };
}

/** Runs one exec; what it writes is given as latin1, byte by byte. */
export async function see(podman: Podman, input: ExecInput): Promise<Seen & { readonly output: string }> {
  const written = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[], both: [] as Uint8Array[] };
  const controller = new AbortController();
  const over = new JobEnded('timed_out', 'time is over');
  const timer = input.timeout === undefined ? undefined : setTimeout(() => controller.abort(over), input.timeout * 1000);
  const outcome = await exec
    .run(podman, input, {
      ...context,
      job: `node_${randomUUID()}`,
      signal: controller.signal,
      output(stream, bytes) {
        written[stream].push(bytes);
        written.both.push(bytes);
        return undefined;
      },
    })
    .then(
      ({ exit_code }) => ({ exitCode: exit_code }),
      (error: unknown) => ({ error: told(error) }),
    )
    .finally(() => clearTimeout(timer));
  const read = (pieces: Uint8Array[]) => Buffer.concat(pieces).toString('latin1');
  return { ...outcome, stdout: read(written.stdout), stderr: read(written.stderr), output: read(written.both) };
}

function told(error: unknown) {
  if (!(error instanceof ApiError)) throw error;
  const { type, message, details, execution } = error.toJSON();
  return { type, message, details, execution: execution && { ...execution, duration_ms: 0 } };
}

/** Two containers of one image: in one each exec is a podman's, in the other it runs in a session. */
export interface BothWays {
  readonly cold: { readonly podman: CountedPodman; readonly name: string };
  readonly warm: { readonly podman: CountedPodman; readonly name: string };
}

export async function startBothWays(image: string, preparation: string): Promise<BothWays> {
  const both: BothWays = {
    cold: { podman: testPodman(), name: await startContainer(image) },
    warm: { podman: testPodman(4, { sessions: 4 }), name: await startContainer(image) },
  };
  for (const { podman, name } of [both.cold, both.warm]) await podman.run(['exec', '--', name, 'sh', '-c', preparation]);
  return both;
}

/** Resolves when a command of that user would run in a session; where one has just been given up, the next is waited for. */
export async function awaitSession({ podman, name }: BothWays['warm'], user: string | undefined): Promise<void> {
  await until(async () => {
    const ran = podman.ranInSessions;
    await see(podman, { name, command: ':', ...(user !== undefined && { user }) });
    return podman.ranInSessions > ran;
  });
}
