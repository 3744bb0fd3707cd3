import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Desk } from './desk.ts';
import { type ExecPlan, planTurn, type Turn } from './plan.ts';
import { prefer, sendBy } from './ways.ts';
import { requestFor, type Work } from './work.ts';

export interface LoadOptions {
  readonly desk: Desk;
  readonly random: Random;
  readonly callers: number;
  /** The containers that execs leave their marks in. */
  readonly ledgers: readonly [string, ...string[]];
  /** What names of containers begin with. */
  readonly prefix: string;
  readonly image: string;
  /** Whether callers take another turn. */
  readonly goesOn: () => boolean;
}

/** Has callers take turn after turn, all at once; resolves when each has ended its last. */
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
    while (this.#options.goesOn()) {
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

  async #exec({ exec, way }: Turn & { what: 'exec' }, api: number, container: string): Promise<void> {
    const { act, request } = this.#open({ kind: 'exec', container, ...exec });
    await sendBy(way, this.#options.desk, act, request, api);
  }

  async #container({ way, pause, removal }: Turn & { what: 'container' }, api: number): Promise<void> {
    const container = `${this.#options.prefix}-${this.#index}-${this.#acts}`;
    const create = this.#open({ kind: 'create', container });
    await sendBy(way, this.#options.desk, create.act, create.request, api);
    if (!removal) return;
    await delay(pause);
    const remove = this.#open({ kind: 'remove', container });
    await sendBy(removal, this.#options.desk, remove.act, remove.request, api + 1);
  }

  /** An exec that may be cancelled by way of the other API process. */
  async #cancelled(exec: ExecPlan, after: number | undefined, api: number, container: string): Promise<void> {
    const { desk } = this.#options;
    const { act, request } = this.#open({ kind: 'exec', container, ...exec });
    await desk.ask(act, prefer(request, 'respond-async'), api);
    if (after !== undefined) {
      await delay(after);
      for (const { id } of act.jobs) await desk.ask(act, { method: 'DELETE', path: `/jobs/${id}` }, api + 1, 'cancel');
    }
    for (const job of act.jobs) await desk.follow(job, api + 1);
  }

  #open(work: Work) {
    const act = this.#options.desk.journal.open(`c${this.#index}-${this.#acts}`, work);
    this.#acts += 1;
    return { act, request: requestFor(act.id, work, this.#options.image) };
  }
}
