import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerIds } from '../container-ids.ts';
import { PodmanFault } from '../podman-fault.ts';
import { Session } from './session.ts';
import { type ShellParts, startShell } from './shell.ts';

/** A container with less room than this has none for a shell beside its own processes. */
const least = { pids: 256, memory: 64 * 1024 ** 2 } as const;

/** How long the proof of a session may take, in ms, and how much it may write: whatever an image has by the name of sh. */
const proof = { time: 20_000, size: 8 * 1024 ** 2 } as const;

/** What it takes to open sessions. */
export interface OpenParts extends ShellParts {
  readonly ids: ContainerIds;
}

/**
 * Starts a shell in a container and has it prove that a command finds in it what podman would give it.
 * @returns nothing where there can be no session
 */
export async function openSession(parts: OpenParts, container: string, user: string | undefined): Promise<Session | undefined> {
  const { Id, Config, State, HostConfig } = await parts.ids.inspect(container);
  const { PidsLimit, Memory } = HostConfig;
  if (!State.Running || (PidsLimit > 0 && PidsLimit < least.pids) || (Memory > 0 && Memory < least.memory)) return undefined;

  const shell = startShell(parts, Id, user, randomUUID());
  const session = new Session({
    shell,
    containerId: Id,
    folder: Config.WorkingDir || '/',
    kill: () => parts.send('KILL', Id, shell.mark),
    isStill: () =>
      parts.ids.idOf(container).then(
        id => id === Id,
        () => false,
      ),
    isOver: () =>
      parts.ids.inspect(Id).then(
        now => !now.State.Running || now.State.StartedAt !== State.StartedAt,
        // Any other failure of podman says nothing about the container.
        (error: unknown) => error instanceof PodmanFault && error.reason === 'no-container',
      ),
  });
  const proved = await within(proof.time, proves(session, Id)).catch(() => false);
  if (proved && (await session.isStill())) return session;
  shell.close();
  return undefined;
}

/** @returns nothing where it takes longer */
async function within<Value>(time: number, value: Promise<Value>): Promise<Value | undefined> {
  const over = new AbortController();
  const late = delay(time, undefined, { signal: over.signal }).catch(() => undefined);
  return Promise.race([value, late]).finally(() => over.abort());
}

async function proves(session: Session, container: string): Promise<boolean> {
  const pid = await session.prepare();
  if (pid === undefined) return false;
  let written = '';
  const argv = ['cat', `/proc/${pid}/environ`, '/proc/self/environ'];
  const end = await session.run(
    { container, argv, environment: {} },
    {
      take(_stream, bytes) {
        if (written.length < proof.size) written += Buffer.from(bytes).toString('latin1');
        return undefined;
      },
    },
  );
  return end.exitCode === 0 && (await end.clean) && isTwice(written, session.shell.mark);
}

/** Whether a command's environment is the shell's own, but for the mark; a loader's variables would be heeded on the way. */
function isTwice(written: string, mark: string): boolean {
  const variables = written
    .split('\0')
    .filter(variable => variable !== mark)
    .slice(0, -1)
    .sort();
  return (
    written.endsWith('\0') &&
    !variables.some(variable => variable.startsWith('LD_')) &&
    variables.every((variable, index) => variable === variables[index - (index % 2)]) &&
    variables.length % 2 === 0
  );
}
