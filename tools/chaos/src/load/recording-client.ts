import { setTimeout as delay } from 'node:timers/promises';
import { isEnd } from '../http/job.ts';
import type { CheckedResponse } from '../http/response.ts';
import { type Failure, type Request, send } from '../http/send.ts';
import type { Intent, Journal, KnownJob, RecordedResponse } from '../journal.ts';

/** Attempts for a request whose connection is refused, and the pause between two. */
const maxAttempts = 100;
const retryPauseMs = 100;
const followTimeoutMs = 30_000;
/** Time that one read waits for the end of a job. */
const waitSeconds = 3;

/** Client of both API processes that records each request and its outcome in the journal. */
export class RecordingClient {
  readonly journal: Journal;
  readonly #apis: readonly [string, string];
  #requests = 0;

  constructor(journal: Journal, apis: readonly [string, string]) {
    this.journal = journal;
    this.#apis = apis;
  }

  /** Number of requests that were sent. */
  get requests(): number {
    return this.#requests;
  }

  /** Sends an intent's request. @param api number of the API process; the other one is used if the connection is refused */
  async send(intent: Intent, request: Request, api: number, purpose: 'submit' | 'cancel' = 'submit'): Promise<CheckedResponse | Failure> {
    const headers = { 'X-Request-Id': `${intent.id}.${intent.responses.length}`, ...request.headers };
    const response = await this.#request({ ...request, headers }, api, purpose);
    this.journal.recordResponse(intent, response);
    return response.outcome;
  }

  /** Reads a job. @param seconds time to wait for its end */
  async read(job: KnownJob, api: number, seconds?: number): Promise<void> {
    const path = `/jobs/${job.id}${seconds === undefined ? '' : `?wait=${seconds}`}`;
    this.journal.recordRead(job, await this.#request({ method: 'GET', path }, api, 'read'));
  }

  /** Reads a job, alternating between both API processes, until it has ended or for half a minute. */
  async follow(job: KnownJob, api: number): Promise<void> {
    const until = Date.now() + followTimeoutMs;
    for (let turn = api; Date.now() < until && !isEnd(job.view?.status) && !job.isGone; turn += 1) {
      await this.read(job, turn, waitSeconds);
      if (!isEnd(job.view?.status)) await delay(retryPauseMs);
    }
  }

  /** Sends a GET request that belongs to no intent. */
  async get(path: string, api: number): Promise<CheckedResponse | Failure> {
    return (await this.#request({ method: 'GET', path }, api, 'read')).outcome;
  }

  async #request(request: Request, first: number, purpose: RecordedResponse['request']): Promise<RecordedResponse> {
    for (let api = first; ; api += 1) {
      this.#requests += 1;
      const outcome = await send(this.#apis[api % 2 === 0 ? 0 : 1], request);
      if (outcome !== 'refused' || api - first >= maxAttempts)
        return { receivedAtMs: Date.now(), request: purpose, api: (api % 2) + 1, outcome };
      await delay(retryPauseMs);
    }
  }
}
