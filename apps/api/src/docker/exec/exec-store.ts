import { randomBytes } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import type { TerminalSize } from '@podman-api/operations';

/** A command that a client has created, and may start once. */
export interface ExecInstance {
  readonly id: string;
  /** Name of the token that has created it; `null` without tokens. */
  readonly token: string | null;
  readonly containerId: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>> | undefined;
  readonly user: string | undefined;
  readonly workDir: string | undefined;
  readonly tty: boolean;
  readonly hasStdin: boolean;
  /** The first size of its terminal, if the client has given it. */
  size: TerminalSize | undefined;
  /** Sets the size of its terminal, while it runs. */
  resize: ((size: TerminalSize) => Promise<void>) | undefined;
  status: 'created' | 'running' | 'exited';
  /** `null` until it has ended, and if no exit code was observed. */
  exitCode: number | null;
  createdAtMs: number;
}

/** A stored command and the size of its arguments and variables. */
interface StoredExec {
  readonly instance: ExecInstance;
  readonly bytes: number;
}

/** Time for which a command is kept after it was created; one that runs is kept. */
const ttlMs = 3_600_000;
/** Maximum number of stored commands per token; the oldest ones that do not run are dropped first. */
const maxInstances = 1000;
/** Maximum total size of their arguments and variables; one argument list has at most a quarter of this (execve(2)). */
const maxBytes = 8 * 1024 ** 2;

/**
 * The commands that clients of this process have created. They are not in Redis, so a command is started and inspected at the process
 * that has created it.
 */
export class ExecStore {
  readonly #byToken = new Map<string | null, Map<string, StoredExec>>();

  /** @throws ApiError (413) if the command is too long, (503) if too many commands of the token run */
  add(given: Omit<ExecInstance, 'id' | 'resize' | 'status' | 'exitCode' | 'createdAtMs'>): ExecInstance {
    const bytes = Buffer.byteLength(JSON.stringify([given.command, given.environment]));
    if (bytes > maxBytes)
      throw new ApiError('PayloadTooLargeError', `Cmd and Env must have at most ${maxBytes} bytes: put longer data into a file.`);
    const own = this.#byToken.get(given.token) ?? new Map<string, StoredExec>();
    this.#byToken.set(given.token, own);
    for (const [token, stored] of this.#byToken) {
      trim(stored, stored === own ? bytes : 0);
      if (stored.size === 0 && stored !== own) this.#byToken.delete(token);
    }
    if (isFull(own, bytes)) {
      throw new ApiError('ServiceUnavailableError', 'Too many exec commands are running: try again when some have ended.');
    }
    const instance: ExecInstance = {
      ...given,
      id: randomBytes(32).toString('hex'),
      resize: undefined,
      status: 'created',
      exitCode: null,
      createdAtMs: Date.now(),
    };
    own.set(instance.id, { instance, bytes });
    return instance;
  }

  /** @throws ApiError (404) for an id that does not exist or belongs to another token */
  get(id: string, token: string | null): ExecInstance {
    const found = this.#byToken.get(token)?.get(id);
    if (found) return found.instance;
    throw new ApiError('NotFoundError', `No such exec instance: ${id}`);
  }
}

/** Drops the oldest commands that do not run: those that have expired, and as many as needed to store another one of this size. */
function trim(stored: Map<string, StoredExec>, bytes: number): void {
  const oldest = Date.now() - ttlMs;
  for (const [id, { instance }] of stored) {
    if (instance.createdAtMs >= oldest && !isFull(stored, bytes)) return;
    if (instance.status !== 'running') stored.delete(id);
  }
}

/** Whether another command of this size would exceed the limits; `false` for 0 bytes, which stand for no command. */
function isFull(stored: ReadonlyMap<string, StoredExec>, bytes: number): boolean {
  return bytes > 0 && (stored.size >= maxInstances || stored.values().reduce((sum, one) => sum + one.bytes, bytes) > maxBytes);
}
