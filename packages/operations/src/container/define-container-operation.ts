import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { type Declaration, define } from '../define.ts';
import type { Operation } from '../operation.ts';
import { nameInPodman, rejectIdle } from '../pool-containers.ts';
import { failedFor } from './failed-for.ts';
import { checkReference } from './lookup/check-reference.ts';
import { readStatus } from './lookup/read-status.ts';

/** Input of an operation on one container. */
interface ContainerInput {
  /** The container's name, or the beginning of its id. */
  readonly name: string;
}

/** Declaration of an operation on one container. */
interface ContainerDeclaration<Input extends object, Result extends object> extends Omit<Declaration<Input, Result>, 'reach'> {
  /**
   * Whether the result has no name of the container, so that the operation can run by id while podman does not have the name of a
   * container yet that was claimed from a pool; default: false, and the operation waits for the name.
   */
  readonly canUseId?: boolean;
}

/**
 * Declares an operation on one container, with the defaults of `define`. Before it runs, a `name` that could be the beginning
 * of an id is checked, see `checkReference`; if it fails because the container is paused, the error says so.
 */
export function defineContainerOperation<Input extends ContainerInput, Result extends object>({
  canUseId = false,
  ...declaration
}: ContainerDeclaration<Input, Result>): Operation<Input, Result> {
  const operation = define<Input, Result>({ ...declaration, reach: 'container' });
  return {
    ...operation,
    async run(podman, input, context) {
      const claim = context.pools.findUnnamed(input.name);
      if (claim && canUseId) return operation.run(podman, { ...input, name: claim.id }, context);
      const name = await nameInPodman(context, input.name);
      await checkReference(podman, name, operation.changes(input));
      if (operation.changes(input)) rejectIdle(context, name);
      try {
        return await operation.run(podman, { ...input, name }, context);
      } catch (error) {
        throw await explainPaused(podman, name, error);
      }
    },
  };
}

/**
 * Explains a failure that podman reports with the same message for a paused container as for a stopped or a running one.
 * @returns the error to throw: a 409 that says "paused" if the container is, otherwise the same error
 */
async function explainPaused(podman: Podman, name: string, error: unknown): Promise<unknown> {
  if (!failedFor('not-running', error) && !failedFor('bad-state', error) && !failedFor('running', error)) return error;
  const status = await readStatus(podman, name).catch(() => undefined);
  if (status !== 'paused') return error;
  return new ApiError('ConflictError', `The container ${name} is paused: unpause it first, or remove it with force=true.`);
}
