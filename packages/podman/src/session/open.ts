import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Session } from './session.ts';
import { type ShellParts, startShell } from './shell.ts';

/** A container with less room than this has none for a shell beside its own processes. */
const least = { pids: 256, memory: 64 * 1024 ** 2 } as const;

/** How long the proof of a session may take, in ms, and how much it may write: whatever an image has by the name of sh. */
const proof = { time: 20_000, size: 8 * 1024 ** 2 } as const;

/** What it takes to open sessions. */
export interface OpenParts extends ShellParts {
  /** Runs podman and gives its stdout. */
  readonly podman: (args: readonly string[]) => Promise<string>;
}

/** What podman tells of a container, as far as a session has to know. */
interface Facts {
  readonly Id: string;
  /** `<storage>/overlay-containers/<id>/userdata` on podman's host. */
  readonly StaticDir: string;
  readonly Config: { readonly WorkingDir: string };
  readonly State: { readonly Running: boolean; readonly StartedAt: string };
  readonly HostConfig: { readonly PidsLimit: number; readonly Memory: number };
}

/**
 * Starts a shell in a container and has it prove that a command finds in it what podman would give it.
 * @returns nothing where there can be no session
 */
export async function openSession(parts: OpenParts, container: string, user: string | undefined): Promise<Session | undefined> {
  const { Id, StaticDir, Config, State, HostConfig } = await inspect(parts, container);
  const { PidsLimit, Memory } = HostConfig;
  if (!State.Running || (PidsLimit > 0 && PidsLimit < least.pids) || (Memory > 0 && Memory < least.memory)) return undefined;

  const shell = startShell(parts, Id, user, randomUUID());
  const session = new Session({
    shell,
    folder: Config.WorkingDir || '/',
    kill: () => parts.send('KILL', Id, shell.mark),
    isStill: stillMeans(parts, container, Id, StaticDir),
    isOver: () =>
      inspect(parts, Id).then(
        now => !now.State.Running || now.State.StartedAt !== State.StartedAt,
        () => true,
      ),
  });
  const proved = await within(proof.time, proves(session, Id)).catch(() => false);
  if (proved && (await session.isStill())) return session;
  shell.close();
  return undefined;
}

/**
 * Whether a name or the beginning of an id still means the same container. Podman's storage keeps a list of all, which
 * changes with each container that is made, renamed or removed, and with nothing else; only then podman is asked, or
 * always where the list can't be seen, for podman is on another machine.
 */
function stillMeans(parts: OpenParts, container: string, id: string, folder: string): () => Promise<boolean> {
  const list = join(dirname(dirname(folder)), 'containers.json');
  let seen: string | undefined;
  return async () => {
    const stats = process.env['CONTAINER_HOST'] === undefined ? statSync(list, { bigint: true, throwIfNoEntry: false }) : undefined;
    const now = stats && `${stats.ino} ${stats.mtimeNs}`;
    if (now !== undefined && now === seen) return true;
    const isStill = await inspect(parts, container).then(
      ({ Id }) => Id === id,
      () => false,
    );
    seen = now;
    return isStill;
  };
}

/** @returns nothing where it takes longer */
async function within<Value>(time: number, value: Promise<Value>): Promise<Value | undefined> {
  const over = new AbortController();
  const late = delay(time, undefined, { signal: over.signal }).catch(() => undefined);
  return Promise.race([value, late]).finally(() => over.abort());
}

async function inspect({ podman }: OpenParts, container: string): Promise<Facts> {
  const [facts]: Facts[] = JSON.parse(await podman(['container', 'inspect', '--', container]));
  if (!facts) throw new Error(`podman tells nothing of ${container}`);
  return facts;
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
