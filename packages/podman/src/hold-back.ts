import type { StreamName, Take } from './types.ts';

/** Time for podman to exit after printing an error, on a busy host too; a command's output that looks like one is delayed by it. */
const errorExitTimeoutMs = 1000;

/** How podman's own words begin. */
const podmanWords = /^(?:Error: |time="|Cannot connect to Podman)/;

/**
 * Output on its way to who takes it, but for a stderr that begins like the words of podman, or of a shell that runs the
 * command: whether these failed or the command wrote them is known when they have ended.
 */
export class HoldBack {
  readonly #take: Take;
  readonly #doubtful: boolean;
  readonly #likeWords: RegExp;
  #held: Uint8Array[] = [];
  #begun = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param doubtful holds back to the end instead of for a moment */
  constructor(take: Take, doubtful: boolean, likeWords = podmanWords) {
    this.#take = take;
    this.#doubtful = doubtful;
    this.#likeWords = likeWords;
  }

  readonly take: Take = (stream, bytes) => {
    if (this.#begun) return this.#take(stream, bytes);
    if (!this.#reads(stream, bytes)) return this.#goOn(stream, bytes);
    this.#held.push(bytes);
    if (!this.#doubtful) this.#timer ??= setTimeout(() => this.release(), errorExitTimeoutMs);
    return undefined;
  };

  /** Hands on what was held back. */
  async release(): Promise<void> {
    this.#begun = true;
    const held = this.keep();
    if (held.length > 0) await this.#take('stderr', held);
  }

  /** Gives what was held back to the caller instead. */
  keep(): Uint8Array {
    clearTimeout(this.#timer);
    const held = Buffer.concat(this.#held);
    this.#held = [];
    return held;
  }

  #reads(stream: StreamName, bytes: Uint8Array): boolean {
    return stream === 'stderr' && this.#likeWords.test(Buffer.concat([...this.#held, bytes]).toString('latin1'));
  }

  async #goOn(stream: StreamName, bytes: Uint8Array): Promise<void> {
    await this.release();
    await this.#take(stream, bytes);
  }
}
