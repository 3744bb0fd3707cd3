import { ApiError } from '../errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { ApiRequest } from '../http/request.ts';
import { resubmitWithdrawn } from '../http/retry.ts';
import type { Job } from '../types.ts';
import { cancelJob } from './cancel-job.ts';
import { getJobResult, isUnfinished } from './job-result.ts';
import { waitForJob } from './wait-for-job.ts';

/** Options of every call. */
export interface CallOptions {
  /** Stops the wait, and cancels the job if there is one. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of calls that change something. */
export interface ChangeOptions extends CallOptions {
  /** Calls with the same key and request are one job. Default: a new key for each call. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * Submits a job and returns it without waiting for its outcome. An abort does not interrupt the request, because its
 * response names the job that must then be cancelled.
 * @throws ApiError, UnreachableError, or the reason of the signal
 */
export async function submitJob<Result>(
  http: HttpClient,
  request: ApiRequest,
  { signal, idempotencyKey }: ChangeOptions = {},
): Promise<Job<Result>> {
  signal?.throwIfAborted();
  const headers = { Prefer: 'respond-async', ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }) };
  return (await http.send<{ job: Job<Result> }>({ ...request, headers }, { signal })).job;
}

/**
 * Submits a job and waits for its result, however long that takes. A job that is withdrawn before it ran, for instance because the
 * node's last worker is gone, is submitted again within the time for retries.
 * @throws ApiError if the job does not succeed, or the reason of the signal if the abort cancelled the job
 */
export function runJob<Result>(http: HttpClient, request: ApiRequest, options: ChangeOptions = {}): Promise<Result> {
  const { signal } = options;
  const submitAndWait = async () => {
    const { id } = await submitJob<Result>(http, request, options);
    return getJobResult(await waitOrCancel<Result>(http, id, signal));
  };
  return resubmitWithdrawn(submitAndWait, http.settings, signal);
}

/**
 * Reads the field `noun` of a response. If it is a 408 of an unfinished job, waits for that job.
 * @throws ApiError, UnreachableError, or the reason of the signal
 */
export async function readField<Noun extends string, Result>(
  http: HttpClient,
  request: ApiRequest,
  noun: Noun,
  { signal }: CallOptions = {},
): Promise<Result> {
  try {
    return (await http.send<Record<Noun, Result>>({ ...request, signal }))[noun];
  } catch (error) {
    return waitForUnfinished(http, error, signal);
  }
}

/** Items of all nodes. */
export interface FleetList<Item> {
  readonly items: readonly Item[];
  /** Nodes that did not answer in time. */
  readonly unreachable: readonly string[];
}

/**
 * Reads the list `noun` of a response of all nodes. If it is a 408 of an unfinished job on one node, waits for that job.
 * @throws ApiError, UnreachableError, or the reason of the signal
 */
export async function readFleetList<Noun extends string, Item>(
  http: HttpClient,
  request: ApiRequest,
  noun: Noun,
  { signal }: CallOptions = {},
): Promise<FleetList<Item>> {
  try {
    const body = await http.send<Record<Noun, readonly Item[]> & Partial<Pick<FleetList<Item>, 'unreachable'>>>({ ...request, signal });
    return { items: body[noun], unreachable: body.unreachable ?? [] };
  } catch (error) {
    return { items: await waitForUnfinished<readonly Item[]>(http, error, signal), unreachable: [] };
  }
}

/** Waits for the job that a 408 names, if it continues. @throws any other error unchanged; otherwise as `readField` */
function waitForUnfinished<Result>(http: HttpClient, error: unknown, signal: AbortSignal | undefined): Promise<Result> {
  if (!(error instanceof ApiError) || error.status !== 408 || !error.job || !isUnfinished(error.job.status)) throw error;
  return waitForJob<Result>(http, error.job.id, signal).then(getJobResult);
}

/** Returns the finished job; also after an abort, if the job had its outcome before it could be cancelled. */
async function waitOrCancel<Result>(http: HttpClient, id: string, signal?: AbortSignal): Promise<Job<Result>> {
  try {
    return await waitForJob<Result>(http, id, signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
    const job = await cancelJob<Result>(http, id);
    if (job.status === 'cancelled') throw error;
    return job;
  }
}
