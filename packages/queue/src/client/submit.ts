import { ApiError } from '@podman-api/errors';
import type { Operation } from '@podman-api/operations';
import type { Outcome } from '../job.ts';
import { asking } from '../redis.ts';
import type { ClientParts } from './client.ts';
import { newJob, type Request } from './new-job.ts';
import { takeBack } from './take-back.ts';
import { withdraw } from './withdraw.ts';

/** A job that was added. */
export interface Submitted {
  readonly id: string;
  /** How it ended; nothing where the wait ended first and the job runs on. */
  readonly ended: Promise<Outcome | undefined>;
}

/** See `QueueClient.submit`. */
export async function submit(
  parts: ClientParts,
  operation: Operation,
  input: object,
  request: Request,
  signal: AbortSignal,
): Promise<Submitted> {
  const { id, add } = newJob(parts, operation, input, request);
  const ended = parts.waiter.wait(id, signal);
  try {
    await asking(add());
  } catch (error) {
    parts.waiter.forget(id);
    takeBack(parts, id);
    throw error instanceof ApiError ? error.with({ job: { id, status: 'unknown' } }) : error;
  }
  return { id, ended: ended.then(outcome => outcome ?? asking(withdraw(parts, id))) };
}
