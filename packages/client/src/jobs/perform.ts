import { ApiError } from '../errors.ts';
import type { Call } from '../http/call.ts';
import type { Http } from '../http/http.ts';
import type { Job } from '../types.ts';
import { cancelJob } from './cancel.ts';
import { goesOn, resultOf } from './job.ts';
import { waitForJob } from './wait.ts';

/** What may go with any call. */
export interface CallOptions {
  /** Ends the wait, and cancels the job where there is one. */
  readonly signal?: AbortSignal | undefined;
}

/** What may go with a call that changes something. */
export interface ChangeOptions extends CallOptions {
  /** The same key and request are one job, however often they are sent; otherwise each call has a key of its own. */
  readonly idempotencyKey?: string | undefined;
}

/** Makes a job of a call, and waits for nothing. The answer is not given up: it names the job that would have to be cancelled. */
export async function begin<Result>(http: Http, call: Call, { signal, idempotencyKey }: ChangeOptions = {}): Promise<Job<Result>> {
  signal?.throwIfAborted();
  const headers = { Prefer: 'respond-async', ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }) };
  return (await http.send<{ job: Job<Result> }>({ ...call, headers }, { signal })).job;
}

/**
 * Makes a job of a call and waits for its result, for as long as that takes.
 * @throws ApiError for every end but success; what the signal was aborted for, if that has cancelled the job
 */
export async function perform<Result>(http: Http, call: Call, options: ChangeOptions = {}): Promise<Result> {
  return resultOf(await ended<Result>(http, (await begin<Result>(http, call, options)).id, options.signal));
}

/** Reads something; where the answer is a 408, at the job that goes on. */
export async function read<Noun extends string, Result>(http: Http, call: Call, noun: Noun, { signal }: CallOptions = {}): Promise<Result> {
  try {
    return (await http.send<Record<Noun, Result>>({ ...call, signal }))[noun];
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 408 || !error.job || !goesOn(error.job.status)) throw error;
    return resultOf(await waitForJob<Result>(http, error.job.id, signal));
  }
}

/** A job's end. A cancel that came too late changes nothing: what was done is told. */
async function ended<Result>(http: Http, id: string, signal?: AbortSignal): Promise<Job<Result>> {
  try {
    return await waitForJob<Result>(http, id, signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
    const job = await cancelJob<Result>(http, id);
    if (job.status === 'cancelled') throw error;
    return job;
  }
}
