import { randomUUID } from 'node:crypto';
import { type ImageName, images, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import type { TestContext } from 'vitest';
import type { CountedPodman, PodmanOptions } from '../../src/index.ts';

/** Returns a podman that keeps sessions, four at most by default; they are closed after the test. */
export function podmanWithSessions(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  options: Partial<PodmanOptions> = {},
): CountedPodman {
  const podman = testPodman(8, { maxSessions: 4, sessionIdleTimeoutMs: 600_000, ...options });
  onTestFinished(() => podman.close());
  return podman;
}

/** Starts a container without a network and returns its name. */
export async function startContainer(image: ImageName, ...flags: string[]): Promise<string> {
  const name = uniqueContainerName();
  await run(name, image, ...flags);
  return name;
}

/** Starts another container under a name, in place of the one that has it. */
export async function replaceContainer(name: string, image: ImageName): Promise<void> {
  await testPodman().run(['rm', '--force', '--time=0', '--', name]);
  await run(name, image);
}

async function run(name: string, image: ImageName, ...flags: string[]): Promise<void> {
  await testPodman().run(['run', '--detach', `--name=${name}`, '--network=none', ...flags, '--', images[image], 'sleep', '600']);
}

interface ExecOptions {
  readonly user?: string;
  readonly signal?: AbortSignal;
  /** Called with all output so far. */
  readonly onStdout?: (stdout: string) => void;
}

export interface ExecResult {
  readonly exitCode: number | null;
  /** Why podman failed. */
  readonly reason: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an exec as the operation does. */
export async function exec(
  podman: CountedPodman,
  container: string,
  argv: readonly string[],
  { user, signal, onStdout }: ExecOptions = {},
): Promise<ExecResult> {
  const job = randomUUID();
  const written = { stdout: '', stderr: '' };
  const target = podman.identify(container);
  const markers = { PODMAN_API_JOB: job };
  const { exitCode, fault } = await podman.exec(
    { container, user, argv, environment: {}, markers },
    {
      stop: () => podman.kill(target, `PODMAN_API_JOB=${job}`),
      ...(signal && { signal }),
      onOutput(stream, bytes) {
        written[stream] += Buffer.from(bytes).toString('latin1');
        if (stream === 'stdout') onStdout?.(written.stdout);
        return undefined;
      },
    },
  );
  return { exitCode, reason: fault?.reason, ...written };
}

/** Runs execs until one has run in a session, and waits until that can be used again. */
export async function warmUp(podman: CountedPodman, container: string, options: ExecOptions = {}): Promise<void> {
  await until(async () => {
    const before = podman.ranInSessions;
    await exec(podman, container, ['true'], options);
    return podman.ranInSessions > before;
  });
  // The session can be used again only after the pipes of its last command were closed; a command before that would run without it.
  await until(() => podman.idleSessions > 0);
}

/** Starts a container that has a session. */
export async function startWarmContainer(
  context: TestContext,
  image: ImageName,
  ...flags: string[]
): Promise<{ podman: CountedPodman; name: string }> {
  const podman = podmanWithSessions(context);
  const name = await startContainer(image, ...flags);
  await warmUp(podman, name);
  return { podman, name };
}

/** Returns the arguments of each process in a container, except zombies, which are in brackets: `sleep` does not reap its children. */
export async function listProcesses(name: string): Promise<string[]> {
  const lines = (await testPodman().run(['top', name, 'args'])).trim().split('\n');
  return lines
    .slice(1)
    .map(line => line.trim())
    .filter(args => !args.startsWith('['));
}

/** Resolves once a process with these arguments runs in a container. */
export async function awaitProcess(name: string, args: string): Promise<void> {
  await until(async () => (await listProcesses(name)).includes(args));
}
