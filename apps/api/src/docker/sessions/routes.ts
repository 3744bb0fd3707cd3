import { createPlacement, type Lease } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import { dockerRemoveLabelled, sessionLabel } from '@podman-api/operations';
import { requesterOf } from '../../context.ts';
import { recordChange } from '../../request/record-change.ts';
import { hasScope, missingScope } from '../../request/scope.ts';
import { type DockerRequest, type DockerRoute, param, queryText } from '../route.ts';
import { endLease } from './remove-leased.ts';
import { sessionEndedError, sessionIdPattern } from './session.ts';

/** Sessions of a token at the same time, with the leases of its Ryuks: all API processes read all of them every few seconds. */
const maxSessionsPerToken = 200;

const path = '/podman-api/sessions/:session';

/**
 * Starts or renews a session of `podman-api proxy`, which chooses its id. It lapses if it is not renewed for 30 s. The node is the one
 * that is named, or the least loaded.
 */
const renewSession: DockerRoute = {
  method: 'PUT',
  path,
  async handle(request) {
    const { ctx, parts } = request;
    requireWriteScope(request);
    const id = readId(request);
    const current = await findOwnLease(request, id);
    if (!current) await requireFreeSession(request);
    const lease = current ?? createLease(request, id);
    if (!(await parts.leases.renew(lease))) throw sessionEndedError();
    ctx.body = { id, node: lease.node };
  },
};

/** Ends a session, and removes all its containers, networks and volumes. */
const endSession: DockerRoute = {
  method: 'DELETE',
  path,
  async handle(request) {
    const { ctx, parts } = request;
    requireWriteScope(request);
    const id = readId(request);
    const lease = await findOwnLease(request, id);
    if (!lease) throw new ApiError('NotFoundError', `There is no session ${id}: it has ended, or was never started.`);
    ctx.body = await endLease(parts, lease, requesterOf(ctx).request_id);
  },
};

/** @throws ApiError (429) if the token has as many sessions as it may have */
async function requireFreeSession({ ctx, parts }: DockerRequest): Promise<void> {
  const { token } = requesterOf(ctx);
  const own = (await parts.leases.list()).filter(lease => lease.token === token);
  if (own.length < maxSessionsPerToken) return;
  throw new ApiError(
    'RateLimitError',
    `The token has ${maxSessionsPerToken} sessions, which is the limit: end some, and try again in a minute.`,
  );
}

function requireWriteScope({ ctx, parts }: DockerRequest): void {
  const { scope, name } = dockerRemoveLabelled;
  if (hasScope(ctx, scope)) return;
  recordChange(ctx, parts.audit, { operation: name, outcome: 'refused', container: null });
  throw missingScope(ctx, scope);
}

function readId(request: DockerRequest): string {
  const id = param(request, 'session');
  if (sessionIdPattern.test(id)) return id;
  throw new ApiError('ValidationError', 'The id of a session must be 32 hexadecimal digits in lower case.');
}

/** @returns `undefined` if there is no such session. @throws ApiError (409) if it belongs to another token */
async function findOwnLease(request: DockerRequest, id: string): Promise<Lease | undefined> {
  const lease = await request.parts.leases.read(id);
  if (lease && lease.token !== requesterOf(request.ctx).token) throw sessionEndedError();
  return lease;
}

/** Creates the lease of a session on the named node, or on the least loaded one. @throws ApiError (404, 503) */
function createLease(request: DockerRequest, id: string): Lease {
  const { ctx, parts } = request;
  const node = queryText(request, 'node');
  const chosen = createPlacement(parts.fleet).choose(node === undefined ? {} : { node });
  return { id, labels: [`${sessionLabel}=${id}`], node: chosen.node, token: requesterOf(ctx).token };
}

/** The routes of sessions of `podman-api proxy`. */
export const sessionRoutes: readonly DockerRoute[] = [renewSession, endSession];
