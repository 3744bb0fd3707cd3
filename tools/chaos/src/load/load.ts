import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { type ExecPlan, planTurn, type Turn } from './plan.ts';
import type { RecordingClient } from './recording-client.ts';
import { prefer, sendByStyle } from './send-by-style.ts';
import { requestFor, type Work } from './work.ts';

export interface LoadOptions {
  readonly client: RecordingClient;
  readonly random: Random;
  readonly callers: number;
  /** Containers in which execs write their marks. */
  readonly ledgers: readonly [string, ...string[]];
  /** Prefix of the names of containers. */
  readonly prefix: string;
  readonly image: string;
  /** Returns whether callers take another turn. */
  readonly shouldContinue: () => boolean;
}

/** Runs concurrent callers that take turn after turn. Resolves when each has ended its last turn. */
export async function runLoad(options: LoadOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.callers }, (_, index) => new Caller(options, index).run()));
}

class Caller {
  readonly #options: LoadOptions;
  readonly #random: Random;
  readonly #index: number;
  #acts = 0;

  constructor(options: LoadOptions, index: number) {
    this.#options = options;
    this.#index = index;
    this.#random = options.random.fork(`caller ${index}`);
  }

  async run(): Promise<void> {
    while (this.#options.shouldContinue()) {
      const turn = planTurn(this.#random);
      const [api, ledger] = [this.#random.whole(0, 1), this.#random.pick(this.#options.ledgers)];
      await this.#take(turn, api, ledger);
    }
  }

  async #take(turn: Turn, api: number, ledger: string): Promise<void> {
    if (turn.what === 'exec') return this.#exec(turn, api, ledger);
    if (turn.what === 'container') return this.#container(turn, api);
    await Promise.all(turn.execs.map(({ exec, cancelAfter }) => this.#cancelled(exec, cancelAfter, api, ledger)));
  }

  async #exec({ exec, style }: Turn & { what: 'exec' }, api: number, container: string): Promise<void> {
    const { intent, request } = this.#open({ kind: 'exec', container, ...exec });
    await sendByStyle(style, this.#options.client, intent, request, api);
  }

  async #container({ style, pause, removal }: Turn & { what: 'container' }, api: number): Promise<void> {
    const container = `${this.#options.prefix}-${this.#index}-${this.#acts}`;
    const create = this.#open({ kind: 'create', container });
    await sendByStyle(style, this.#options.client, create.intent, create.request, api);
    if (!removal) return;
    await delay(pause);
    const remove = this.#open({ kind: 'remove', container });
    await sendByStyle(removal, this.#options.client, remove.intent, remove.request, api + 1);
  }

  /** Runs an exec that may be cancelled through the other API process. */
  async #cancelled(exec: ExecPlan, after: number | undefined, api: number, container: string): Promise<void> {
    const { client } = this.#options;
    const { intent, request } = this.#open({ kind: 'exec', container, ...exec });
    await client.send(intent, prefer(request, 'respond-async'), api);
    if (after !== undefined) {
      await delay(after);
      for (const { id } of intent.jobs) await client.send(intent, { method: 'DELETE', path: `/jobs/${id}` }, api + 1, 'cancel');
    }
    for (const job of intent.jobs) await client.follow(job, api + 1);
  }

  #open(work: Work) {
    const intent = this.#options.client.journal.addIntent(`c${this.#index}-${this.#acts}`, work);
    this.#acts += 1;
    return { intent, request: requestFor(intent.id, work, this.#options.image) };
  }
}
