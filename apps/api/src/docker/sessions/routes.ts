import type { Lease } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import { dockerRemoveLabelled, sessionLabel } from '@podman-api/operations';
import { requesterOf } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { recordChange } from '../../request/record-change.ts';
import { hasScope, missingScope } from '../../request/scope.ts';
import { type DockerRequest, type DockerRoute, param, queryText } from '../route.ts';
import { removeLeased } from './remove-leased.ts';
import { endedError, sessionIdPattern } from './session.ts';

/** Sessions of a token at the same time, with the leases of its Ryuks: all API processes read all of them every few seconds. */
const maxOfToken = 200;

const path = '/podman-api/sessions/:session';

/**
 * Begins or renews a session of `podman-api proxy`, which chooses its id. It lapses if it is not renewed for 30 s. The node is the one
 * that is named, or the least loaded.
 */
const renewSession: DockerRoute = {
  method: 'PUT',
  path,
  async handle(request) {
    const { ctx, parts } = request;
    requireWrites(request);
    const id = readId(request);
    const current = await findOwn(request, id);
    if (!current) await requireRoom(request);
    const lease = current ?? { ...newLease(request, id), node: chooseNode(parts, queryText(request, 'node')) };
    if (!(await parts.leases.renew(toLease(lease)))) throw endedError();
    ctx.body = { id, node: lease.node };
  },
};

/** Ends a session, and removes all its containers, networks and volumes. */
const endSession: DockerRoute = {
  method: 'DELETE',
  path,
  async handle(request) {
    const { ctx, parts } = request;
    requireWrites(request);
    const id = readId(request);
    const lease = await findOwn(request, id);
    if (!lease) throw new ApiError('NotFoundError', `There is no session ${id}: it has ended already.`);
    await parts.leases.end(toLease(lease));
    // The sweep looks again when the claim has expired.
    await parts.leases.claim(id);
    ctx.body = await removeLeased(parts, lease, requesterOf(ctx).request_id);
  },
};

/** @throws ApiError (429) if the token has as many sessions as it may have */
async function requireRoom({ ctx, parts }: DockerRequest): Promise<void> {
  const { token } = requesterOf(ctx);
  const own = (await parts.leases.list()).filter(lease => lease.token === token);
  if (own.length < maxOfToken) return;
  throw new ApiError('RateLimitError', `The token has ${maxOfToken} sessions, which is the limit: end some, and try again in a minute.`);
}

function requireWrites({ ctx, parts }: DockerRequest): void {
  const { scope, name } = dockerRemoveLabelled;
  if (hasScope(ctx, scope)) return;
  recordChange(ctx, parts.audit, { operation: name, outcome: 'refused', container: null });
  throw missingScope(ctx, scope);
}

function readId(request: DockerRequest): string {
  const id = param(request, 'session');
  if (sessionIdPattern.test(id)) return id;
  throw new ApiError('ValidationError', 'The id of a session must have 32 digits of 0-9 and a-f.');
}

/** @returns `undefined` if there is no such session. @throws ApiError (409) if it belongs to another token */
async function findOwn(request: DockerRequest, id: string): Promise<Lease | undefined> {
  const lease = await request.parts.leases.read(id);
  if (lease && lease.token !== requesterOf(request.ctx).token) throw endedError();
  return lease;
}

function newLease({ ctx }: DockerRequest, id: string) {
  return { id, labels: [`${sessionLabel}=${id}`], token: requesterOf(ctx).token };
}

function toLease({ id, labels, node, token }: Lease): Lease {
  return { id, labels, node, token };
}

/** Returns the named node, or the least loaded one that is ready. @throws ApiError (404, 503) */
function chooseNode({ fleet }: AppParts, name: string | undefined): string {
  const load = ({ containers, running, max_workers: workers }: { containers: number | null; running: number; max_workers: number }) =>
    ((containers ?? 0) + running) / Math.max(workers, 1);
  const all = [...fleet.nodes.values()];
  if (name !== undefined && !fleet.nodes.has(name)) throw new ApiError('NotFoundError', `There is no node ${name}: GET /nodes lists them.`);
  const ready = all.filter(node => node.status === 'ready' && node.podman === 'connected' && (name ?? node.name) === node.name);
  const [best] = ready.sort((one, other) => load(one) - load(other));
  if (best) return best.name;
  throw new ApiError(
    'ServiceUnavailableError',
    `No node is ready for the session${name === undefined ? '' : ` on ${name}`}: GET /nodes returns the status of each.`,
  );
}

/** The routes of sessions of `podman-api proxy`. */
export const sessionRoutes: readonly DockerRoute[] = [renewSession, endSession];
