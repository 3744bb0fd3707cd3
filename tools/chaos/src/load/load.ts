import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { planTurn, type RequestStyle, type Turn } from './plan.ts';
import type { RecordingClient } from './recording-client.ts';
import { prefer, sendByStyle } from './send-by-style.ts';
import { requestFor, type Work } from './work.ts';

export interface LoadOptions {
  readonly client: RecordingClient;
  readonly random: Random;
  readonly callers: number;
  /** Containers in which execs write their marks. */
  readonly marksContainers: readonly [string, ...string[]];
  /** The pool of which some containers are taken. */
  readonly pool: string;
  /** Prefix of the names of containers. */
  readonly prefix: string;
  readonly image: string;
  /** Volume in which runs write their marks. */
  readonly volume: string;
  /** Reference of the image that is pulled. */
  readonly pulledImage: string;
  /** Returns whether callers take another turn. */
  readonly shouldContinue: () => boolean;
}

/** Runs concurrent callers, each of which takes one turn after another. Resolves when each has ended its last turn. */
export async function runLoad(options: LoadOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.callers }, (_, index) => new Caller(options, index).run()));
}

class Caller {
  readonly #options: LoadOptions;
  readonly #random: Random;
  readonly #index: number;
  #sentCount = 0;

  constructor(options: LoadOptions, index: number) {
    this.#options = options;
    this.#index = index;
    this.#random = options.random.fork(`caller ${index}`);
  }

  async run(): Promise<void> {
    while (this.#options.shouldContinue()) {
      const turn = planTurn(this.#random);
      const [api, container] = [this.#random.whole(0, 1), this.#random.pick(this.#options.marksContainers)];
      await this.#take(turn, api, container);
    }
  }

  async #take(turn: Turn, api: number, container: string): Promise<void> {
    switch (turn.what) {
      case 'exec':
        return this.#send({ kind: 'exec', container, ...turn.exec }, turn.style, api);
      case 'run':
        return this.#send({ kind: 'run', volume: this.#options.volume, ...turn.run }, turn.style, api);
      case 'upload':
        return this.#send({ kind: 'upload', container, sizeBytes: turn.sizeBytes }, turn.style, api);
      case 'wait':
        return this.#send({ kind: 'wait', container, condition: 'running' }, turn.style, api);
      case 'endless wait':
        return this.#cancelled({ kind: 'wait', container, condition: 'stopped' }, turn.cancelAfterMs, api);
      case 'pull':
        return this.#send({ kind: 'pull', reference: this.#options.pulledImage }, turn.style, api);
      case 'container':
        return this.#container(turn, api);
      case 'burst':
        await Promise.all(
          turn.execs.map(({ exec, cancelAfterMs }) => this.#cancelled({ kind: 'exec', container, ...exec }, cancelAfterMs, api)),
        );
    }
  }

  async #send(work: Work, style: RequestStyle, api: number): Promise<void> {
    const { intent, request } = this.#open(work);
    await sendByStyle(style, this.#options.client, intent, request, api);
  }

  async #container({ style, pauseMs, removal, isPooled }: Turn & { what: 'container' }, api: number): Promise<void> {
    const container = `${this.#options.prefix}-${this.#index}-${this.#sentCount}`;
    const create = this.#open({ kind: 'create', container, ...(isPooled && { pool: this.#options.pool }) });
    await sendByStyle(style, this.#options.client, create.intent, create.request, api);
    if (!removal) return;
    await delay(pauseMs);
    const remove = this.#open({ kind: 'remove', container });
    await sendByStyle(removal, this.#options.client, remove.intent, remove.request, api + 1);
  }

  /** Requests an operation that may be cancelled through the other API process. @param delayMs in ms */
  async #cancelled(work: Work, delayMs: number | undefined, api: number): Promise<void> {
    const { client } = this.#options;
    const { intent, request } = this.#open(work);
    await client.send(intent, prefer(request, 'respond-async'), api);
    if (delayMs !== undefined) {
      await delay(delayMs);
      for (const { id } of intent.jobs) await client.send(intent, { method: 'DELETE', path: `/jobs/${id}` }, api + 1, 'cancel');
    }
    for (const job of intent.jobs) await client.follow(job, api + 1);
  }

  #open(work: Work) {
    const intent = this.#options.client.journal.addIntent(`c${this.#index}-${this.#sentCount}`, work);
    this.#sentCount += 1;
    return { intent, request: requestFor(intent.id, work, this.#options.image) };
  }
}
