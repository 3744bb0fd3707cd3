import { randomUUID } from 'node:crypto';
import { waitAtMost } from '@podman-api/runtime';
import { PodmanFault } from '../error-patterns/podman-fault.ts';
import type { ContainerIds } from '../state/container-ids.ts';
import { Session } from './session.ts';
import { type ShellDependencies, startShell } from './shell.ts';

/** A container with lower limits has no room for a shell beside its own processes. */
const minPidsLimit = 256;
const minMemoryBytes = 64 * 1024 ** 2;

/** Limits of the verification: an image's `sh` may be any program. */
const verifyTimeoutMs = 20_000;
const maxVerifyBytes = 8 * 1024 ** 2;

/** Dependencies for opening sessions. */
export interface SessionDependencies extends ShellDependencies {
  readonly ids: ContainerIds;
}

/**
 * Starts a shell in a container and verifies that a command in it has the environment that podman would give it.
 * @param container any reference that podman accepts
 * @returns `undefined` if there can be no session
 * @throws ApiError if podman fails
 */
export async function openSession(
  dependencies: SessionDependencies,
  container: string,
  user: string | undefined,
): Promise<Session | undefined> {
  const { ids, send } = dependencies;
  const { Id, Config, State, HostConfig } = await ids.inspect(container);
  const { PidsLimit, Memory } = HostConfig;
  const hasRoom = !(PidsLimit > 0 && PidsLimit < minPidsLimit) && !(Memory > 0 && Memory < minMemoryBytes);
  if (!State.Running || !hasRoom) return undefined;

  const shell = startShell(dependencies, Id, user, randomUUID());
  const session = new Session({
    shell,
    containerId: Id,
    workDir: Config.WorkingDir || '/',
    killShell: () => send('SIGKILL', { reference: Id, id: Id }, shell.marker),
    isSameContainer: reference =>
      ids.resolveId(reference).then(
        id => id === Id,
        () => false,
      ),
    hasContainerStopped: () =>
      ids.inspect(Id).then(
        now => !now.State.Running || now.State.StartedAt !== State.StartedAt,
        // Other failures of podman say nothing about the container.
        (error: unknown) => error instanceof PodmanFault && error.reason === 'no-container',
      ),
  });
  const isVerified = await waitAtMost(verifyTimeoutMs, verify(session, Id)).catch(() => false);
  if (isVerified && (await session.isSameContainer(container))) return session;
  await shell.close();
  return undefined;
}

/** Starts the session's pumps and compares the environment of a command with that of its shell, which podman made. */
async function verify(session: Session, container: string): Promise<boolean> {
  const pid = await session.startPumps();
  if (pid === undefined) return false;
  let written = '';
  const argv = ['cat', `/proc/${pid}/environ`, '/proc/self/environ'];
  const result = await session.run(
    { container, argv, environment: {} },
    {
      onOutput(_stream, bytes) {
        if (written.length < maxVerifyBytes) written += Buffer.from(bytes).toString('latin1');
        return undefined;
      },
    },
  );
  return result.exitCode === 0 && (await result.isReusable) && hasEachVariableTwice(written, session.shell.marker);
}

/**
 * Whether the environments of the shell and of the command are the same, except the shell's mark. Variables of the dynamic
 * loader are refused: they would act on the programs between the shell and the command.
 */
function hasEachVariableTwice(environments: string, mark: string): boolean {
  const variables = environments
    .split('\0')
    .filter(variable => variable !== mark)
    .slice(0, -1)
    .sort();
  return (
    environments.endsWith('\0') &&
    !variables.some(variable => variable.startsWith('LD_')) &&
    variables.every((variable, index) => variable === variables[index - (index % 2)]) &&
    variables.length % 2 === 0
  );
}
