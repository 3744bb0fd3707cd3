import { createHash } from 'node:crypto';
import { ApiError, type ErrorBody, toApiError } from '@podman-api/errors';
import type { Idempotency } from '@podman-api/jobs';
import { boundedList, createRun, forbiddenError, type RunInput, runInput, validateAgainst } from '@podman-api/operations';
import Joi from 'joi';
import { jobUrl, type RouteContext, requesterOf } from '../../context.ts';
import { countExtraRequests } from '../../middleware/rate-limit.ts';
import type { AppParts } from '../../parts.ts';
import { readBody } from '../../request/body.ts';
import { callbackField, callbackSchema, checkCallbackUrl } from '../../request/callback-url.ts';
import { readIdempotency } from '../../request/idempotency.ts';
import { readQuery } from '../../request/query.ts';
import { requiredResources, withLimitedTtl } from '../../request/quotas.ts';
import { respond } from '../../response/success.ts';
import { presentJob } from '../jobs/present.ts';

interface RunBatch {
  readonly runs: readonly RunInput[];
  /** The URL to which each run's job is sent when it has ended. */
  readonly callback_url?: unknown;
}

/** Result for one run of a batch: its job, or why it was not submitted. */
type SubmittedRun = { readonly job: object } | { readonly error: ErrorBody };

/** Runs of one batch: few enough to be submitted within a second. */
const maxRuns = 100;

const emptyQuery = Joi.object({});

/** Schema of `POST /runs/batch`. */
export const batchInput = Joi.object<RunBatch>({
  runs: boundedList(maxRuns, runInput().id('BatchedRun')).min(1).required().description('Runs as in `POST /runs`.'),
  [callbackField]: callbackSchema(),
});

/**
 * Handles `POST /runs/batch`: validates all runs, counts each as a request, and submits one job for each. A run that cannot be
 * submitted has an error in its place. With an `Idempotency-Key`, a batch that is sent again submits only what is missing.
 */
export function createRuns(parts: AppParts) {
  const { config, policy, jobs, rate, callbackHosts } = parts;
  return async (ctx: RouteContext): Promise<void> => {
    readQuery(ctx, emptyQuery);
    const { runs, callback_url } = validateAgainst(batchInput, await readBody(ctx, config.MAX_BODY), { convert: false });
    enforceForAll(runs, policy);
    const callbackUrl = checkCallbackUrl(callback_url, { respondAsync: true }, callbackHosts);
    const request = { runs, ...(callbackUrl !== undefined && { callbackUrl }) };
    const idempotency = readIdempotency(ctx, { name: 'run.create_batch', method: 'POST' }, request);
    const keys = runs.map((_, index) => idempotency && keyOf(idempotency, index));
    const claimedNodes = await Promise.all(keys.map(key => key && jobs.findClaimedNode(key)));
    if (rate) await countExtraRequests(ctx, rate, runs.length - 1);
    if (idempotency) await jobs.claimRequest(idempotency);
    const submitted = await Promise.all(
      runs.map((run, index) =>
        submitRun(ctx, parts, { run, callbackUrl, idempotency: keys[index], claimedNode: claimedNodes[index] }).catch(
          (error): SubmittedRun => ({ error: toApiError(error).toJSON() }),
        ),
      ),
    );
    const errors = submitted.flatMap(one => ('error' in one ? [one.error] : []));
    const [first] = errors;
    if (first && errors.length === submitted.length) throw ApiError.fromJSON(first);
    respond(ctx, 202, 'runs', submitted);
  };
}

/** @throws ApiError (403) that lists what the policy forbids of all runs */
function enforceForAll(runs: readonly RunInput[], policy: AppParts['policy']): void {
  const refused = runs.flatMap((run, index) => {
    const details = createRun.refusals?.(run, policy) ?? [];
    return details.map(({ path, message }) => ({ path: `runs.${index}.${path}`, message: `runs.${index}.${message}` }));
  });
  if (refused.length > 0) throw forbiddenError(refused);
}

/** Returns what identifies one run of a repeated batch. No key of a caller has a newline. */
function keyOf({ key, request }: Idempotency, index: number): Idempotency {
  return { key: `${key}\n${index}`, request: createHash('sha256').update(request).digest('hex') };
}

/** A run of a batch that is to be submitted. */
interface BatchedRun {
  readonly run: RunInput;
  readonly callbackUrl: string | undefined;
  readonly idempotency: Idempotency | undefined;
  /** The node of the run's job, if an earlier request with the same key has submitted it. */
  readonly claimedNode: string | undefined;
}

async function submitRun(
  ctx: RouteContext,
  { dispatcher, jobs, stopping }: AppParts,
  { run, callbackUrl, idempotency, claimedNode }: BatchedRun,
): Promise<SubmittedRun> {
  const { token } = ctx.state;
  const resources = requiredResources(createRun, run, token);
  const own = { type: createRun, input: withLimitedTtl(createRun, run, token), quotas: token?.quotas, resources, callbackUrl, idempotency };
  const call = { ...requesterOf(ctx), ...own, isDetached: true, startWait: () => stopping };
  const { id } = claimedNode === undefined ? await dispatcher.runOnChosenNode(call, run) : await dispatcher.runOnNode(call, claimedNode);
  const job = await jobs.read(id).catch(() => undefined);
  return { job: job ? presentJob(job) : { id, url: jobUrl(id) } };
}
