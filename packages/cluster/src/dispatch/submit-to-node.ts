import { type ApiError, toApiError } from '@podman-api/errors';
import { noWorkerError, type PreparedJob } from '@podman-api/jobs';
import { withRedisErrors } from '@podman-api/redis';
import { ExpiringMap } from '@podman-api/runtime';
import type { DirectoryEntry } from '../directory/entry.ts';
import { type Reservation, release, reserve } from '../directory/reservation.ts';
import { checkIntervalMs, type QuotaReservation, reserveQuotas } from '../quotas/reserve.ts';
import type { DispatchContext, DispatchParts, JobRequest } from './call.ts';
import { hasContainer } from './find-containers.ts';

/**
 * Creates the context of a dispatcher. Its `submitToNode` first reserves room in the quotas of the job's token and the name of a
 * container that the job creates; a job whose name is in use fails at once.
 */
export function createDispatchContext(parts: DispatchParts): DispatchContext {
  const { redis, jobs, fleet } = parts;
  const recentlyCheckedTokens = new ExpiringMap<string, true>(checkIntervalMs);
  const submitToNode: DispatchContext['submitToNode'] = async (call, node, signal) => {
    const { type, input, request_id, token, reservedName, callbackUrl, isDetached = false } = call;
    for (;;) {
      const prepared = await jobs.prepareJob(type.lane, node, call.idempotency);
      await call.onBeforeSubmit?.(prepared.id);
      const room = await reserveRoom(context, recentlyCheckedTokens, call, prepared);
      // With an Idempotency-Key the refusal is stored as a failed job, so that each repetition gets the same answer.
      if (room.error && !prepared.claim) throw room.error;
      const isReserving = reservedName !== undefined && !prepared.claim?.hasEnded && !room.error;
      const reservation = isReserving ? { name: reservedName, node: prepared.node, job: prepared.id } : undefined;
      const { nameConflict, uncheckedError } = reservation ? await reserveName(context, call, reservation) : {};
      // An Idempotency-Key may name a job that exists: it is joined, although no new job could be added now.
      if (uncheckedError && !prepared.claim) throw uncheckedError;
      const immediateFailure = room.error ?? nameConflict;
      const isWorkerMissing = fleet.isRedisAvailable && !fleet.canTakeJobs(prepared.node);
      const admissionError = uncheckedError ?? (isWorkerMissing ? noWorkerError(prepared.node) : undefined);
      const submission = { type, input, request_id, token, isDetached, reservedName, callbackUrl, admissionError, immediateFailure };
      try {
        const submitted = await jobs.submit(prepared, submission, signal);
        if (reservation && submitted?.hasEnded) await withRedisErrors(release(redis, reservation));
        if (!submitted || submitted.hasEnded) await withRedisErrors(room.undo());
        if (submitted) return submitted;
      } catch (error) {
        // A job that was not added needs no reservations. One that may have been added releases them when it ends.
        if (jobs.isNotAdded(error)) await withRedisErrors(Promise.all([reservation && release(redis, reservation), room.undo()]));
        throw error;
      }
    }
  };
  // The checks of a reserved name submit jobs too.
  const context: DispatchContext = { ...parts, submitToNode };
  return context;
}

/** Reserves room in the quotas of the caller's token. Reads and waits need none, and neither does a job that has ended. */
async function reserveRoom(
  { redis, jobs }: DispatchContext,
  recentlyCheckedTokens: ExpiringMap<string, true>,
  { type, input, token, quotas = {}, resources }: JobRequest,
  { id, node, claim }: PreparedJob,
): Promise<QuotaReservation> {
  if (token === null || (type.lane !== 'commands' && !type.changes(input)) || claim?.hasEnded) return { undo: async () => {} };
  const reservation = { job: id, node, token, quotas, resources };
  return withRedisErrors(reserveQuotas({ redis, readState: jobs.readState, recentlyCheckedTokens }, reservation));
}

/** Why a job cannot have the name of the container that it is to create. */
interface NameRefusal {
  /** 409: the name is in use. */
  readonly nameConflict?: ApiError;
  /** Set if it could not be checked whether the container that holds the name still exists. */
  readonly uncheckedError?: ApiError;
}

/** Reserves a name for a job. @throws ApiError (503) while Redis is unavailable */
async function reserveName(context: DispatchContext, call: JobRequest, reservation: Reservation): Promise<NameRefusal> {
  const { redis, jobs } = context;
  const errors: ApiError[] = [];
  const isHolderPresent = (entry: DirectoryEntry) =>
    hasContainer(context, entry, call).catch((error: unknown) => {
      errors.push(toApiError(error));
      return true;
    });
  const nameConflict = await withRedisErrors(reserve({ redis, readState: jobs.readState }, reservation, isHolderPresent));
  const [uncheckedError] = errors;
  if (uncheckedError) return { uncheckedError };
  return nameConflict ? { nameConflict } : {};
}
