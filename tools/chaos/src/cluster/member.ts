import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { clockTime } from '../clock.ts';

export type Role = 'api' | 'worker' | 'redis';

/** Program of a member, and how to run it. */
export interface Program {
  readonly name: string;
  readonly role: Role;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File for its stdout and stderr. */
  readonly log: string;
}

/** Prefix of the lines that the harness adds to a process's log. */
const notePrefix = '--- chaos';

/** Pause before a supervisor restarts a process, in ms; systemd's default RestartSec is 100. */
const restartDelayMs = 500;

/** A process with a supervisor that restarts it whenever it exits, until `shutDown` is called. */
export class Member {
  readonly program: Program;
  /** Unexpected exits: without a signal from the harness, or with a code other than 0 after SIGTERM. */
  readonly crashes: string[] = [];
  #child: ChildProcess | undefined;
  #isFrozen = false;
  /** The signal that was sent last. */
  #endedBy: 'SIGKILL' | 'SIGTERM' | undefined;
  #isStopping = false;
  /** Size of the log when it was started last. */
  #startOffset = 0;
  #next = Promise.withResolvers<void>();

  constructor(program: Program) {
    this.program = program;
  }

  /** Whether it runs and is not affected by a fault, so that one can be injected. */
  get isRunning(): boolean {
    return this.#child !== undefined && !this.#isFrozen && this.#endedBy === undefined;
  }

  start(): void {
    const { file, args, env, log } = this.program;
    const output = openSync(log, 'a');
    const child = spawn(file, args, { env, stdio: ['ignore', output, output], detached: true });
    closeSync(output);
    child.once('exit', (code, signal) => void this.#handleExit(code, signal));
    this.#child = child;
    this.#endedBy = undefined;
    this.#startOffset = statSync(log).size;
    this.note(`started as ${child.pid}`);
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Ends it and resolves when it has been started again. */
  async restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#endedBy = signal;
    this.note(signal);
    const restarted = this.#next.promise;
    this.#child?.kill(signal);
    await restarted;
  }

  /** Stops the process (SIGSTOP) for a time, or until the signal is aborted. */
  async freeze(durationMs: number, signal: AbortSignal): Promise<void> {
    const child = this.#child;
    this.#isFrozen = true;
    this.note(`SIGSTOP for ${Math.round(durationMs)} ms`);
    child?.kill('SIGSTOP');
    await delay(durationMs, undefined, { signal }).catch(() => {});
    child?.kill('SIGCONT');
    this.note('SIGCONT');
    this.#isFrozen = false;
  }

  /** Ends the process without a restart, and resolves when it has exited. */
  async shutDown(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (!child) return;
    this.#endedBy = signal;
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  }

  /** Writes a line of the harness into the log of the process. */
  note(text: string): void {
    appendFileSync(this.program.log, `${notePrefix} ${clockTime(Date.now())} ${text}\n`);
  }

  /** Whether the process has written anything since it was started last. */
  #hasWritten(): boolean {
    const written = readFileSync(this.program.log).subarray(this.#startOffset).toString();
    return written.split('\n').some(line => line !== '' && !line.startsWith(notePrefix));
  }

  async #handleExit(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    const isRequested = signal === null ? code === 0 && this.#endedBy === 'SIGTERM' : signal === this.#endedBy;
    // Before its first line, a process has not run any of our code yet and SIGTERM ends it.
    if (!isRequested || (signal === 'SIGTERM' && this.#hasWritten())) {
      const description = `${this.program.name} exited with ${code ?? signal} after ${this.#endedBy ?? 'no signal from the harness'}`;
      this.crashes.push(`${clockTime(Date.now())} ${description}`);
    }
    this.note(`exited with ${code ?? signal}`);
    this.#child = undefined;
    await delay(this.#isStopping ? 0 : restartDelayMs);
    if (!this.#isStopping) this.start();
  }
}
