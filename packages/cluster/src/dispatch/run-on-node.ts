import { noWorker, type Submitted } from '@podman-api/jobs';
import type { Entry } from '../directory/entry.ts';
import { release, reserve } from '../directory/reservation.ts';
import type { AwaitedCall, Call, DispatchParts, Run } from './call.ts';

/** Runs a job on a node and waits for it as the call says. @throws ApiError as `submitToNode` */
export async function runOnNode(parts: DispatchParts, call: AwaitedCall, node: string): Promise<Run> {
  const signal = call.beginWait();
  const { id, outcome } = await submitToNode(parts, call, node, signal);
  call.onSubmitted?.(id);
  if (!call.detached) return { id, outcome: await outcome };
  return { id, outcome: call.awaitDetached ? (await parts.jobs.await(id, signal))?.outcome : undefined };
}

/**
 * Submits a job to a node: every job of an API process goes this way. The name of a container that it creates is reserved
 * first; a job whose name is in use fails at once.
 * @throws ApiError (503) if the node has no worker or no room, or Redis is unavailable; (413, 422) see `Jobs.submit`
 */
export async function submitToNode(parts: DispatchParts, call: Call, node: string, signal: AbortSignal): Promise<Submitted> {
  const { redis, jobs, fleet, hasContainer } = parts;
  const { type, input, request_id, token, reservedName, detached = false } = call;
  for (;;) {
    const ticket = await jobs.takeTicket(type.lane, node, call.idempotency);
    const isReserving = reservedName !== undefined && !ticket.claim?.hasEnded;
    const reservation = isReserving ? { name: reservedName, node: ticket.node, job: ticket.id } : undefined;
    const isHolderThere = (entry: Entry) => hasContainer(entry, call);
    const rejection = reservation && (await reserve({ redis, stateOf: jobs.stateOf }, reservation, isHolderThere));
    const refusal = fleet.isRedisAvailable && !fleet.takes(node) ? noWorker(node) : undefined;
    const submission = { type, input, request_id, token, detached, reservedName, refusal, rejection };
    try {
      const submitted = await jobs.submit(ticket, submission, signal);
      if (reservation && submitted?.hasEnded) await release(redis, reservation);
      if (submitted) return submitted;
    } catch (error) {
      // A refused job uses no name; one that may have been added releases its name when it ends.
      if (reservation && jobs.isRefusal(error)) await release(redis, reservation);
      throw error;
    }
  }
}
