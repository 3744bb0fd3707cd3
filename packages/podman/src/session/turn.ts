import { withActiveTimeout } from '@podman-api/runtime';
import { StderrGate } from '../stderr-gate.ts';
import type { StreamName, Take } from '../types.ts';
import { findPodmanError } from './podman-error.ts';
import { WordReader } from './protocol.ts';

/**
 * Time for the pipes of an ended command to be closed; then a background process is taken to hold them, and the session is
 * given up. Nobody waits for it, and a busy host takes a while.
 */
const pipesCloseTimeoutMs = 1000;

/** How the error of a shell begins that could not run a program after all. */
const shellErrorStart = /^\S*sh: /;

const codeWord = /^\d{1,3}$/;

/** What a shell tells of a command before it writes anything. */
type Beginning = 'begun' | 'refused' | 'stale';

/** One command's turn on a shell, as it is heard from outside. */
export class Turn {
  /** What the shell made of it; nothing yet where it has not said. */
  beginning: Beginning | undefined;
  /** The program is a script: another program runs it, which may be gone the next time. */
  script = false;
  /** The kernel would not run the program, so that nothing has run. */
  unstarted = false;
  exitCode: number | undefined;
  readonly begun = Promise.withResolvers<void>();
  readonly ended = Promise.withResolvers<void>();
  /** Whether nobody holds the command's pipes any more. */
  readonly clean: Promise<boolean>;
  readonly #readers: Readonly<Record<StreamName, WordReader>>;
  readonly #out: StderrGate;
  /** The end of stderr, if it may be an error of podman. */
  #podmanError: Buffer = Buffer.alloc(0);
  readonly #over = { stdout: false, stderr: false };
  readonly #closed = { stdout: Promise.withResolvers<void>(), stderr: Promise.withResolvers<void>() };

  /** @param known whether the program has been run before, so that its stderr is its own from the first byte on */
  constructor(nonce: string, take: Take, known: boolean) {
    this.#readers = { stdout: new WordReader(nonce), stderr: new WordReader(nonce) };
    this.#out = new StderrGate(take, known ? /^(?!)/ : shellErrorStart);
    const closed = Promise.all([this.#closed.stdout.promise, this.#closed.stderr.promise]);
    this.clean = this.ended.promise
      .then(() => withActiveTimeout(closed, pipesCloseTimeoutMs, () => new Error('The pipes are still open.')))
      .then(
        () => true,
        () => false,
      );
  }

  /** Hears what the shell's streams bring. */
  readonly hear = (stream: StreamName, bytes: Buffer): Promise<void> | undefined => {
    let taken: Promise<void> | undefined;
    for (const piece of this.#readers[stream].read(bytes)) {
      if ('word' in piece) this.#heed(stream, piece.word);
      else if (!this.#over[stream]) taken = this.#take(stream, piece.bytes) ?? taken;
    }
    return taken;
  };

  /** Hands on what was held back, or drops it where nothing has run; an error of podman is not the command's output. */
  async finish(): Promise<void> {
    if (this.unstarted) this.#out.discard();
    else await this.#out.release();
    const last = this.#podmanError;
    this.#podmanError = Buffer.alloc(0);
    if (this.exitCode !== undefined && last.length > 0) await this.#out.take('stderr', last);
  }

  #take(stream: StreamName, bytes: Buffer): Promise<void> | undefined {
    if (stream === 'stdout') return this.#out.take(stream, bytes);
    const text = Buffer.concat([this.#podmanError, bytes]);
    const errorStart = findPodmanError(text);
    this.#podmanError = text.subarray(errorStart);
    return errorStart > 0 ? this.#out.take(stream, text.subarray(0, errorStart)) : undefined;
  }

  #heed(stream: StreamName, word: string): void {
    switch (word) {
      case 'begun script':
        this.script = true;
        this.#heed(stream, 'begun');
        return;
      case 'begun':
      case 'refused':
      case 'stale':
        this.beginning = word;
        this.begun.resolve();
        return;
      case 'unstarted':
        this.unstarted = true;
        return;
      case 'closed':
        this.#closed[stream].resolve();
        return;
      default:
        // Anything else somebody has written who is not the shell.
        if (stream === 'stdout' ? !codeWord.test(word) : word !== 'end') return;
        this.#over[stream] = true;
        if (stream === 'stdout') this.exitCode = Number(word);
        if (this.#over.stdout && this.#over.stderr) this.ended.resolve();
    }
  }
}
