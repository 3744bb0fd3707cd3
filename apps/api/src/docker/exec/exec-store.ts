import { randomBytes } from 'node:crypto';
import { ApiError } from '@podman-api/errors';
import type { TerminalSize } from '../conversation.ts';

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

/** Time for which a command is kept after it was created; one that runs is kept. */
const ttlMs = 3_600_000;
/** Commands that are kept; the oldest that do not run are dropped first. */
const maxInstances = 10_000;

/**
 * The commands that clients of this process have created. They are not in Redis, so a command is started and inspected at the process
 * that has created it.
 */
export class ExecStore {
  readonly #instances = new Map<string, ExecInstance>();

  /** @throws ApiError (503) if too many commands run */
  add(given: Omit<ExecInstance, 'id' | 'resize' | 'status' | 'exitCode' | 'createdAtMs'>): ExecInstance {
    this.#trim();
    const instance: ExecInstance = {
      ...given,
      id: randomBytes(32).toString('hex'),
      resize: undefined,
      status: 'created',
      exitCode: null,
      createdAtMs: Date.now(),
    };
    this.#instances.set(instance.id, instance);
    return instance;
  }

  /** @throws ApiError (404) for an id that does not exist or belongs to another token */
  get(id: string, token: string | null): ExecInstance {
    const found = this.#instances.get(id);
    if (found?.token === token) return found;
    throw new ApiError('NotFoundError', `No such exec instance: ${id}`);
  }

  #trim(): void {
    const oldest = Date.now() - ttlMs;
    for (const { id, status, createdAtMs } of this.#instances.values()) {
      if (createdAtMs >= oldest && this.#instances.size < maxInstances) return;
      if (status !== 'running') this.#instances.delete(id);
    }
    if (this.#instances.size >= maxInstances) {
      throw new ApiError('ServiceUnavailableError', `${maxInstances} commands of exec run already: try again when some have ended.`);
    }
  }
}
