import { ApiError, undoOrThrowUnknown } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { defineTask } from '../../define.ts';
import type { TaskContext } from '../../operation.ts';
import type { ContainerClaim } from '../../pool-containers.ts';
import { image, poolName } from '../../schemas/names.ts';
import { shortId } from '../../short-id.ts';
import { allocationLabels } from '../allocation.ts';
import { effectOfCreate } from '../create/effect-of-create.ts';
import { type CreateInput, createSchemas } from '../create/input.ts';
import { recoverCreated, removeCreatedContainer } from '../create/recover.ts';
import { createRefusals } from '../create/refusals.ts';
import { resourcesOf } from '../create/resources.ts';
import type { CreatedContainer } from '../create/result.ts';
import { describeCreated, startContainer } from '../create/run.ts';
import { newContainerName } from '../pool-membership.ts';
import { jobLabel } from '../service-labels.ts';

/** The specification of a pool, with the caller's fields. */
export interface ClaimInput extends Omit<CreateInput, 'name' | 'pool' | 'dry_run'> {
  readonly pool: string;
  /** See `PoolMembership`. */
  readonly revision: string;
  /** Labels of the caller, which `labels` has as well. */
  readonly own_labels?: Readonly<Record<string, string>>;
  readonly name?: string;
}

const cleanupFailedReason = 'the ports of the container could not be read, and it could not be removed again';

const { dry_run: _dryRun, ...claimSchemas } = createSchemas;

/**
 * Takes an idle container of a pool, or creates one of the pool's specification if none is idle. The API runs it for
 * `POST /containers` with `pool`.
 */
export const claim = defineTask<ClaimInput, CreatedContainer>({
  name: 'container.claim',
  input: Joi.object<ClaimInput>({
    ...claimSchemas,
    image: image().required(),
    pool: poolName().required(),
    revision: Joi.string().required(),
    own_labels: Joi.object(),
  }),
  secrets: ['environment'],
  reservedName: ({ name }) => name,
  resources: resourcesOf,
  refusals: createRefusals,
  effect: effectOfCreate,
  async run(podman, input, context) {
    const { pool, revision, own_labels = {}, name, ttl } = input;
    const claimed = await context.pools.claim({
      pool,
      revision,
      name,
      job: context.job,
      labels: { ...own_labels, [jobLabel]: context.job, ...allocationLabels(context, resourcesOf(input)) },
      expiresAtMs: ttl === undefined ? null : Date.now() + ttl * 1000,
    });
    if (claimed) return describeOrRemove(podman, claimed, input);
    const created = await startContainer(podman, { ...input, name: name ?? newContainerName(pool) }, context);
    return { ...created, id: shortId(created.id), warm: false };
  },
  recover: recoverClaim,
});

/** Finds the container that a job has claimed, or has created because none was idle. */
async function recoverClaim(podman: Podman, input: ClaimInput, context: TaskContext): Promise<CreatedContainer | ApiError> {
  const claimed = context.pools.findByJob(context.job);
  if (claimed) return describeClaimed(podman, claimed, input);
  const found = await recoverCreated(podman, context);
  if (found instanceof ApiError) return found;
  const name = (await podman.run(['container', 'inspect', '--format={{.Name}}', '--', found])).trim();
  return { ...(await describeCreated(podman, found, { ...input, name })), warm: false };
}

/** Returns the response for a container that was claimed. @throws ApiError if podman cannot tell its ports */
async function describeClaimed(podman: Podman, { id, name }: ContainerClaim, input: ClaimInput): Promise<CreatedContainer> {
  return { ...(await describeCreated(podman, id, { ...input, name })), id: shortId(id), warm: true };
}

/**
 * Returns the response for a container that was claimed.
 * @throws ApiError if podman cannot tell its ports; the container is removed then, or the outcome is unknown if that fails too
 */
async function describeOrRemove(podman: Podman, claimed: ContainerClaim, input: ClaimInput): Promise<CreatedContainer> {
  try {
    return await describeClaimed(podman, claimed, input);
  } catch (error) {
    await undoOrThrowUnknown(() => removeCreatedContainer(podman, claimed), cleanupFailedReason);
    throw error;
  }
}
