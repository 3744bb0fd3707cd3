import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { clockTime } from '../clock.ts';

export type Role = 'api' | 'worker' | 'redis';

/** What is run, and how. */
export interface Program {
  readonly name: string;
  readonly role: Role;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where its stdout and stderr go. */
  readonly log: string;
}

/** Begins the lines that the harness adds to a process's log. */
const notePrefix = '--- chaos';

/** How long a supervisor waits before it starts a process again, in ms; systemd's RestartSec is 100. */
const restartAfter = 500;

/** A process and its supervisor, which starts it again whenever it ends, until it is told to leave. */
export class Member {
  readonly program: Program;
  /** How it ended when nobody had ended it, and what else than 0 it exited with after SIGTERM. */
  readonly crashes: string[] = [];
  #child: ChildProcess | undefined;
  #frozen = false;
  /** The signal by which it was ended last. */
  #endedBy: 'SIGKILL' | 'SIGTERM' | undefined;
  #leaving = false;
  /** Size of the log when it was started last. */
  #startOffset = 0;
  #next = Promise.withResolvers<void>();

  constructor(program: Program) {
    this.program = program;
  }

  /** Whether a fault can hit it: it runs, and no other fault has it. */
  get hittable(): boolean {
    return this.#child !== undefined && !this.#frozen && this.#endedBy === undefined;
  }

  start(): void {
    const { file, args, env, log } = this.program;
    const output = openSync(log, 'a');
    const child = spawn(file, args, { env, stdio: ['ignore', output, output], detached: true });
    closeSync(output);
    child.once('exit', (code, signal) => void this.#ended(code, signal));
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
    const again = this.#next.promise;
    this.#child?.kill(signal);
    await again;
  }

  /** Stops it for some time, in ms, or until `ended` is aborted. */
  async freeze(time: number, ended: AbortSignal): Promise<void> {
    const child = this.#child;
    this.#frozen = true;
    this.note(`SIGSTOP for ${Math.round(time)} ms`);
    child?.kill('SIGSTOP');
    await delay(time, undefined, { signal: ended }).catch(() => {});
    child?.kill('SIGCONT');
    this.note('SIGCONT');
    this.#frozen = false;
  }

  /** Ends it for good and resolves when it has ended. */
  async leave(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#leaving = true;
    const child = this.#child;
    if (!child) return;
    this.#endedBy = signal;
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  }

  /** Writes a line of the harness's own into its log. */
  note(text: string): void {
    appendFileSync(this.program.log, `${notePrefix} ${clockTime(Date.now())} ${text}\n`);
  }

  /** Whether the process has written anything since it was started last. */
  #hasWritten(): boolean {
    const written = readFileSync(this.program.log).subarray(this.#startOffset).toString();
    return written.split('\n').some(line => line !== '' && !line.startsWith(notePrefix));
  }

  async #ended(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    const isAsked = signal === null ? code === 0 && this.#endedBy === 'SIGTERM' : signal === this.#endedBy;
    // Before its first line, a process has not run any of our code yet and SIGTERM ends it.
    if (!isAsked || (signal === 'SIGTERM' && this.#hasWritten())) {
      const how = `${this.program.name} ended with ${code ?? signal} after ${this.#endedBy ?? 'no signal of ours'}`;
      this.crashes.push(`${clockTime(Date.now())} ${how}`);
    }
    this.note(`ended with ${code ?? signal}`);
    this.#child = undefined;
    await delay(this.#leaving ? 0 : restartAfter);
    if (!this.#leaving) this.start();
  }
}
