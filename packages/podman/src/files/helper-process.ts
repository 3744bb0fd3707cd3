import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LongLivedPromise } from '@podman-api/runtime';
import { type PodmanHost, spawn } from '../process/spawn.ts';
import { tryKill } from '../signals/host-processes.ts';
import { ChunkReader } from './chunk-reader.ts';
import { encodeLength, type HelperInput, helperReady, helperTitle, maxTitleBytes, type TitleRequest } from './protocol.ts';

const helperPath = fileURLToPath(new URL('./helper/main.ts', import.meta.url));
/** Maximum helper stderr that is kept for the log. */
const maxStderrCharacters = 4000;

/** A process that works on the files of containers, one request at a time; see protocol.ts. */
export class HelperProcess {
  readonly #process;
  readonly #output: ChunkReader;
  readonly #ended: Promise<unknown>;
  readonly #discarding = Promise.withResolvers<undefined>();
  /** Resolves when nothing more is read from the helper. */
  readonly discarded = new LongLivedPromise(this.#discarding.promise);
  #killTimer: NodeJS.Timeout | undefined;
  #hasEnded = false;
  #errors = '';

  /**
   * Starts a helper.
   * @param prefix words before it, which run it in another namespace
   */
  constructor(host: PodmanHost, prefix: readonly string[]) {
    // The title takes the place of the arguments, see `maxTitleBytes`.
    const words = [...prefix, process.execPath, '--disable-warning=ExperimentalWarning', helperPath, '-'.repeat(maxTitleBytes)];
    const [program = '', ...args] = words;
    this.#process = spawn(host, program, args, { env: compileCacheEnv(), stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout, stderr } = this.#process;
    this.#output = new ChunkReader(stdout);
    stdin.on('error', () => {});
    stderr.on('data', (bytes: Buffer) => {
      this.#errors = (this.#errors + bytes.toString()).slice(-maxStderrCharacters);
    });
    this.#ended = this.#process.finally(() => {
      this.#hasEnded = true;
      clearTimeout(this.#killTimer);
    });
  }

  /** Resolves when the process has ended and its output was read to the end; after `discard`, when the process has ended. */
  get ended(): Promise<unknown> {
    return this.#ended;
  }

  /** Last part of its stderr since it took its name. */
  get errors(): string {
    return this.#errors;
  }

  /** What the helper sends. */
  get output(): ChunkReader {
    return this.#output;
  }

  /**
   * Sets the title of the helper's process, before a request.
   * @param markers words by which `Podman.waitForProcesses` finds it
   * @returns false if it has ended, or cannot have this title
   */
  async setTitle(markers: readonly string[]): Promise<boolean> {
    this.#errors = '';
    const request: TitleRequest = { title: [helperTitle, ...markers].join(' ') };
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    return (await this.#output.readLine().catch(() => undefined)) === helperReady;
  }

  /** Sends a request. */
  sendInput(input: HelperInput): void {
    this.#process.stdin.write(`${JSON.stringify(input)}\n`);
  }

  /**
   * Sends content until it ends or the signal is aborted.
   * @returns whether all of it was sent
   * @throws the error of the content
   */
  async sendContent(content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<boolean> {
    const { stdin } = this.#process;
    for await (const piece of content) {
      if (signal.aborted) return false;
      if (piece.length === 0) continue;
      stdin.cork();
      stdin.write(encodeLength(piece.length));
      const hasRoom = stdin.write(piece);
      stdin.uncork();
      if (!hasRoom) await once(stdin, 'drain', { signal }).catch(() => {});
    }
    // A helper that was ended has not received it.
    if (signal.aborted || stdin.destroyed) return false;
    stdin.write(encodeLength(0));
    return true;
  }

  /**
   * Ends the helper, which abandons an incomplete write, removes its draft and answers. What it has sent is still read.
   * @param timeoutMs time after which it is killed
   */
  end(timeoutMs: number): void {
    this.#process.stdin.destroy();
    clearTimeout(this.#killTimer);
    if (this.#hasEnded) return;
    if (timeoutMs === 0) this.#kill();
    else this.#killTimer = setTimeout(() => this.#kill(), timeoutMs);
  }

  /**
   * Ends the helper like `end`, but reads nothing more from it: a helper that is blocked by a full output pipe fails, and `ended` does not
   * wait for the rest of the output.
   */
  discard(timeoutMs: number): void {
    this.#process.stdout.destroy();
    this.#process.stderr.destroy();
    this.#discarding.resolve(undefined);
    this.end(timeoutMs);
  }

  #kill(): void {
    const { pid } = this.#process;
    // With a prefix, the helper is a child of the process, in its process group (see `spawn`).
    if (this.#process.kill('SIGKILL') && pid !== undefined) tryKill(-pid, 'SIGKILL');
  }
}

/** Returns the variable with which the helper finds its compiled code: compiling it takes three times as much CPU time as its start. */
function compileCacheEnv(): Record<string, string> {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}
