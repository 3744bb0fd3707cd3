import type { StreamName, Take } from './types.ts';

/** How long podman takes at most to end after it has told an error, in ms; nobody sees output later for it. */
const moment = 50;

const likeWords = /^(?:Error: |time="|Cannot connect to Podman)/;

/**
 * Output on its way to who takes it, but for a stderr that begins like podman's own words: whether podman failed
 * or the command wrote them is known when podman has ended.
 */
export class HoldBack {
  readonly #take: Take;
  readonly #doubtful: boolean;
  #held: Uint8Array[] = [];
  #begun = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param doubtful holds back to the end instead of for a moment */
  constructor(take: Take, doubtful: boolean) {
    this.#take = take;
    this.#doubtful = doubtful;
  }

  readonly take: Take = (stream, bytes) => {
    if (this.#begun) return this.#take(stream, bytes);
    if (!this.#reads(stream, bytes)) return this.#goOn(stream, bytes);
    this.#held.push(bytes);
    if (!this.#doubtful) this.#timer ??= setTimeout(() => this.release(), moment);
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
    return stream === 'stderr' && likeWords.test(Buffer.concat([...this.#held, bytes]).toString('latin1'));
  }

  async #goOn(stream: StreamName, bytes: Uint8Array): Promise<void> {
    await this.release();
    await this.#take(stream, bytes);
  }
}
