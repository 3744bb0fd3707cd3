import type { QuotaUsage } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import { count, instant, listOf, part, type Scope, shape } from '@podman-api/operations';
import Joi from 'joi';
import { basePath, type RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readQuery } from '../../request/query.ts';
import { success } from '../../response/shapes.ts';
import { respond } from '../../response/success.ts';
import { scopes } from '../../tokens/scopes.ts';
import type { TokenQuotas } from '../../tokens/token.ts';
import type { Route } from '../route.ts';

/** A token in a response; a quota of `null` means unlimited. */
interface ShownToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly quotas: Readonly<Record<keyof TokenQuotas, number | null>>;
  readonly usage: Omit<QuotaUsage, 'running_jobs'> & { readonly running_jobs: number | null };
}

const limit = (description: string) => Joi.number().allow(null).description(`${description}; null: unlimited.`);

const token = shape<ShownToken>('Token', {
  name: Joi.string(),
  scopes: listOf(Joi.valid(...Object.keys(scopes))),
  created_at: instant(),
  expires_at: instant().allow(null),
  quotas: part<ShownToken['quotas']>({
    max_containers: limit('Containers, running and stopped'),
    max_memory: limit('Bytes: the sum of `memory` of all containers'),
    max_cpus: limit('The sum of `cpus` of all containers'),
    max_running_jobs: limit('Jobs that have not ended, except reads and waits'),
    max_ttl: limit('Seconds: the largest `ttl` of a container, and the default'),
  }),
  usage: part<ShownToken['usage']>({
    containers: count(),
    memory: count().description('Bytes.'),
    cpus: Joi.number().min(0),
    running_jobs: count().allow(null).description('null if `max_running_jobs` is unlimited.'),
  }),
});

const example: ShownToken = {
  name: 'ci',
  scopes: ['containers:write', 'exec'],
  created_at: '2026-01-05T09:30:00.000Z',
  expires_at: null,
  quotas: { max_containers: 10, max_memory: 4_294_967_296, max_cpus: 4, max_running_jobs: null, max_ttl: 3600 },
  usage: { containers: 3, memory: 1_610_612_736, cpus: 1.5, running_jobs: null },
};

/** Handles `GET /tokens/self`: the token of the request. */
function readOwnToken({ readQuotaUsage }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    readQuery(ctx, Joi.object({}));
    if (!ctx.state.token) throw new ApiError('NotFoundError', 'This service uses no tokens: every request has all scopes and no quotas.');
    const { name, scopes: granted, created_at, expires_at, quotas = {} } = ctx.state.token;
    const { running_jobs, ...usage } = await readQuotaUsage(name);
    const shown: ShownToken = {
      name,
      scopes: granted,
      created_at,
      expires_at,
      quotas: {
        max_containers: quotas.max_containers ?? null,
        max_memory: quotas.max_memory ?? null,
        max_cpus: quotas.max_cpus ?? null,
        max_running_jobs: quotas.max_running_jobs ?? null,
        max_ttl: quotas.max_ttl ?? null,
      },
      usage: { ...usage, running_jobs: quotas.max_running_jobs === undefined ? null : running_jobs },
    };
    respond(ctx, 200, 'token', shown);
  };
}

/** Routes of tokens. */
export const tokenRoutes: readonly Route[] = [
  {
    name: 'token.read',
    method: 'GET',
    path: `${basePath}/tokens/self`,
    summary: 'Returns the token of the request, with its quotas and their current use',
    description: 'Any token may read itself. 404 if the service uses no tokens.',
    responses: { 200: { description: 'The token.', body: success({ token }), example: { token: example } } },
    failures: [404],
    handle: readOwnToken,
  },
];
