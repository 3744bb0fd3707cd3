import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../http/answer.ts';
import { isEnd } from '../http/job.ts';
import { type Failure, type Request, send } from '../http/send.ts';
import type { Act, Journal, KnownJob, Told } from '../journal.ts';

/** How often a request that nobody listened to is sent again, and after how many ms. */
const tries = { most: 100, pause: 100 };
/** How long a caller follows a job, in ms. */
const followFor = 30_000;
/** How long a call waits for a job to end, in seconds. */
const wait = 3;

/** Where callers send their requests; everything they are told goes into the journal. */
export class Desk {
  readonly journal: Journal;
  readonly #apis: readonly [string, string];
  #requests = 0;

  constructor(journal: Journal, apis: readonly [string, string]) {
    this.journal = journal;
    this.#apis = apis;
  }

  /** How many requests were sent. */
  get requests(): number {
    return this.#requests;
  }

  /** Sends an act's request. @param api which API process gets it; the other one if nobody listens there */
  async ask(act: Act, request: Request, api: number, what: 'act' | 'cancel' = 'act'): Promise<Answer | Failure> {
    const headers = { 'X-Request-Id': `${act.id}.${act.told.length}`, ...request.headers };
    const told = await this.#send({ ...request, headers }, api, what);
    this.journal.tell(act, told);
    return told.outcome;
  }

  /** Reads a job. @param seconds how long the call waits for its end */
  async read(job: KnownJob, api: number, seconds?: number): Promise<void> {
    const path = `/jobs/${job.id}${seconds === undefined ? '' : `?wait=${seconds}`}`;
    this.journal.look(job, await this.#send({ method: 'GET', path }, api, 'read'));
  }

  /** Reads a job by turns from both API processes until it has ended, or for half a minute. */
  async follow(job: KnownJob, api: number): Promise<void> {
    const until = Date.now() + followFor;
    for (let turn = api; Date.now() < until && !isEnd(job.view?.status) && !job.gone; turn += 1) {
      await this.read(job, turn, wait);
      if (!isEnd(job.view?.status)) await delay(tries.pause);
    }
  }

  async get(path: string, api: number): Promise<Answer | Failure> {
    return (await this.#send({ method: 'GET', path }, api, 'read')).outcome;
  }

  async #send(request: Request, first: number, what: Told['request']): Promise<Told> {
    for (let api = first; ; api += 1) {
      this.#requests += 1;
      const outcome = await send(this.#apis[api % 2 === 0 ? 0 : 1], request);
      if (outcome !== 'refused' || api - first >= tries.most) return { at: Date.now(), request: what, api: (api % 2) + 1, outcome };
      await delay(tries.pause);
    }
  }
}
