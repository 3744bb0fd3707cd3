import type { Pool, PoolStore } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import {
  containerOperations,
  forbiddenError,
  type PoolDeclaration,
  poolDeclaration,
  poolName,
  validateAgainst,
} from '@podman-api/operations';
import Joi from 'joi';
import type { RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readBody } from '../../request/body.ts';
import { readQuery } from '../../request/query.ts';
import { recordChange } from '../../request/record-change.ts';
import { respond } from '../../response/success.ts';
import { presentPool } from './present.ts';

const emptyQuery = Joi.object({});
const pathSchema = Joi.object<{ name: string }>({ name: poolName().required() });

/** Handles `GET /pools`: all pools, by name. */
export function listPools({ pools, fleet }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    readQuery(ctx, emptyQuery);
    respond(
      ctx,
      200,
      'pools',
      (await pools.list()).map(pool => presentPool(pool, fleet)),
    );
  };
}

/** Handles `GET /pools/:name`. */
export function readPool({ pools, fleet }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    readQuery(ctx, emptyQuery);
    respond(ctx, 200, 'pool', presentPool(await requirePool(pools, readName(ctx)), fleet));
  };
}

/** Handles `PUT /pools/:name`: declares a pool, or changes it. */
export function putPool({ pools, fleet, policy, audit, config }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    readQuery(ctx, emptyQuery);
    const name = readName(ctx);
    const body = await readBody(ctx, config.MAX_BODY);
    const { size, max_idle_seconds = null, node_selector = {}, container } = validateAgainst(poolDeclaration, body, { convert: false });
    enforceWithin(container, policy);
    rejectQuotas(ctx);
    const { pool, isNew } = await pools.put({ name, size, max_idle_seconds, node_selector, container });
    recordChange(ctx, audit, { operation: 'pool.put', outcome: 'succeeded', subject: name });
    respond(ctx, isNew ? 201 : 200, 'pool', presentPool(pool, fleet));
  };
}

/** Handles `DELETE /pools/:name`. Its nodes remove the idle containers; claimed ones stay. */
export function removePool({ pools, audit, config }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    readQuery(ctx, emptyQuery);
    const name = readName(ctx);
    await readBody(ctx, config.MAX_BODY);
    if (!(await pools.remove(name))) throw noPool(name);
    recordChange(ctx, audit, { operation: 'pool.remove', outcome: 'succeeded', subject: name });
    respond(ctx, 200, 'pool', { name, removed: true });
  };
}

/** Returns a pool. @throws ApiError (404) if there is none with this name, (503) while Redis is unavailable */
export async function requirePool(pools: Pick<PoolStore, 'read'>, name: string): Promise<Pool> {
  const pool = await pools.read(name);
  if (!pool) throw noPool(name);
  return pool;
}

function noPool(name: string): ApiError {
  return new ApiError('NotFoundError', `There is no pool ${name}: declare it with PUT /pools/${name}.`);
}

function readName({ params }: RouteContext): string {
  return validateAgainst(pathSchema, { name: params['name'] }).name;
}

/** @throws ApiError (403) that lists what the policy forbids, with the paths of the declaration */
function enforceWithin(container: PoolDeclaration['container'], policy: AppParts['policy']): void {
  const details = containerOperations.create.refusals?.({ ...container, name: 'pool' }, policy) ?? [];
  if (details.length > 0)
    throw forbiddenError(details.map(({ path, message }) => ({ path: `container.${path}`, message: `container.${message}` })));
}

/** @throws ApiError (403) for a token with quotas: idle containers would not count against them */
function rejectQuotas({ state: { token } }: RouteContext): void {
  const { max_containers, max_memory, max_cpus } = token?.quotas ?? {};
  if (max_containers === undefined && max_memory === undefined && max_cpus === undefined) return;
  const message = `The token ${token?.name ?? ''} has quotas for containers, and idle containers of a pool do not count against them: use a token without such quotas.`;
  throw new ApiError('ForbiddenError', message);
}
