import { type ChunkSink, type StreamName, withActiveTimeout } from '@podman-api/runtime';
import { FinalErrorGate } from '../capture/final-error-gate.ts';
import { StderrGate } from '../capture/stderr-gate.ts';
import { MessageReader } from './protocol.ts';

/**
 * Time for the pipes of an ended command to be closed; after it a background process is assumed to hold them, and the session
 * is closed. No caller waits for it, and a busy host takes a while.
 */
const pipesCloseTimeoutMs = 1000;

/** Start of the error of a shell that could not execute a program. */
const shellErrorStart = /^\S*sh: /;
/** Matches nothing. */
const never = /^(?!)/;

const exitCodeMessage = /^\d{1,3}$/;

/** The shell's answer to a request, before the command writes anything. */
type StartMessage = 'started' | 'refused' | 'stale';

/** Follows one command by what its session writes: passes on its output, and keeps the state that the shell's messages report. */
export class CommandTracker {
  /** `undefined` until the shell has answered the request. */
  startMessage: StartMessage | undefined;
  /** Whether the program is a script: another program runs it, which may be missing the next time. */
  isScript = false;
  /** Whether the kernel refused to execute the program, so that nothing has run. */
  hasExecFailed = false;
  /** `undefined` until the shell has reported it. */
  exitCode: number | undefined;
  /** Resolves when the shell has answered the request. */
  readonly answered = Promise.withResolvers<void>();
  /** Resolves when both streams hold the shell's message that the command has ended. */
  readonly ended = Promise.withResolvers<void>();
  /** Resolves after `ended`, to whether all processes have closed the command's pipes in time. */
  readonly pipesClosed: Promise<boolean>;
  readonly #readers: Readonly<Record<StreamName, MessageReader>>;
  readonly #gate: StderrGate;
  readonly #finalErrorGate: FinalErrorGate;
  readonly #hasEnded = { stdout: false, stderr: false };
  readonly #closed = { stdout: Promise.withResolvers<void>(), stderr: Promise.withResolvers<void>() };

  /** @param hasRunBefore whether the session has run the program before, so that stderr cannot start with an error of the shell */
  constructor(nonce: string, onOutput: ChunkSink, hasRunBefore: boolean) {
    this.#readers = { stdout: new MessageReader(nonce), stderr: new MessageReader(nonce) };
    this.#gate = new StderrGate(onOutput, hasRunBefore ? never : shellErrorStart);
    this.#finalErrorGate = new FinalErrorGate(this.#gate.write);
    const closed = Promise.all([this.#closed.stdout.promise, this.#closed.stderr.promise]);
    this.pipesClosed = this.ended.promise
      .then(() => withActiveTimeout(closed, pipesCloseTimeoutMs, () => new Error('The pipes are still open.')))
      .then(
        () => true,
        () => false,
      );
  }

  /** Receives the output of the session. */
  readonly receive = (stream: StreamName, bytes: Buffer): Promise<void> | undefined => {
    let taken: Promise<void> | undefined;
    for (const part of this.#readers[stream].read(bytes)) {
      if ('message' in part) this.#onMessage(stream, part.message);
      else if (!this.#hasEnded[stream]) taken = this.#finalErrorGate.write(stream, part.output) ?? taken;
    }
    return taken;
  };

  /**
   * Passes on buffered stderr, or discards it if nothing has run. An error at the end of stderr is the command's output if the
   * shell has reported an exit code, and podman's otherwise.
   */
  async finish(): Promise<void> {
    if (this.hasExecFailed) this.#gate.discard();
    else await this.#gate.release();
    if (this.exitCode === undefined) this.#finalErrorGate.discard();
    else await this.#finalErrorGate.release();
  }

  #onMessage(stream: StreamName, message: string): void {
    switch (message) {
      case 'started script':
        this.isScript = true;
        this.#onMessage(stream, 'started');
        return;
      case 'started':
      case 'refused':
      case 'stale':
        this.startMessage = message;
        this.answered.resolve();
        return;
      case 'exec-failed':
        this.hasExecFailed = true;
        return;
      case 'closed':
        this.#closed[stream].resolve();
        return;
      default:
        // Other messages are not from the shell.
        if (stream === 'stdout' ? !exitCodeMessage.test(message) : message !== 'end') return;
        this.#hasEnded[stream] = true;
        if (stream === 'stdout') this.exitCode = Number(message);
        if (this.#hasEnded.stdout && this.#hasEnded.stderr) this.ended.resolve();
    }
  }
}
