import type { CommandOptions, Podman } from '@podman-api/podman';
import { environmentArguments } from '@podman-api/podman/environment-arguments';
import type { TaskContext } from '../../operation.ts';
import { policyForPull } from '../../policy/rules.ts';
import { nameInPodman, rejectIdle } from '../../pool-containers.ts';
import { environmentStrings } from '../../schemas/environment.ts';
import { allocationArguments } from '../allocation.ts';
import { ttlArguments } from '../expiry/ttl.ts';
import { podmanProcessEnv } from '../job-processes.ts';
import { jobLabel } from '../service-labels.ts';
import { wordsOf } from './command.ts';
import type { CreateInput } from './input.ts';
import { optionArguments } from './options.ts';
import { planMounts } from './plan-mounts.ts';
import { parsePorts, publishArgument } from './port-mappings.ts';
import { resourcesOf } from './resources.ts';
import { parseVolumes } from './volumes.ts';

/** Arguments and options for creating a container. */
export interface CreatePlan {
  /** Arguments of `podman create` after the subcommand. */
  readonly args: readonly string[];
  readonly options: Pick<CommandOptions, 'file' | 'env'>;
  /** Paths in the container whose mounts must be verified before the container's process starts. */
  readonly targetsToVerify: readonly string[];
  /** Whether some of the caller's variables are in podman's own environment, see `environmentArguments`. */
  readonly hasOwnVariables: boolean;
}

/**
 * Does not stop podman: if podman is ended during a create, it leaves an incomplete container behind whose files may be in use
 * and cannot be removed. So podman may finish within the time that the driver allows; then the job counts as ended, and the
 * container is removed.
 */
export const letFinishAndDiscard = () => Promise.resolve(true);

/**
 * Plans a container, which carries the job's id as a label.
 * @throws ApiError (400, 403) if the host cannot mount a requested volume, or the policy forbids it
 */
export async function planCreate(podman: Podman, input: CreateInput, context: TaskContext): Promise<CreatePlan> {
  const publish = parsePorts(input.ports ?? []);
  const variables = environmentArguments(environmentStrings(input.environment));
  const mounts = await planMounts(podman, parseVolumes(input.volumes ?? []), context.policy.mounts, input.restart_policy);
  const pull_policy = policyForPull(input.image, input.pull_policy, context.policy);
  const network = await networkInPodman(input.network, context);
  return {
    args: [
      // By default podman copies the proxy variables of its own environment, with their passwords, into the container.
      '--http-proxy=false',
      `--name=${input.name}`,
      `--label=${jobLabel}=${context.job}`,
      ...ttlArguments(input, context.job),
      ...allocationArguments(context, resourcesOf(input)),
      ...variables.args,
      ...publish.map(publishArgument),
      ...mounts.args,
      ...optionArguments({ ...input, ...network, pull_policy }),
      '--',
      input.image,
      ...wordsOf(input.command ?? []),
    ],
    options: { ...variables.options, env: { ...variables.options.env, ...podmanProcessEnv(context) } },
    targetsToVerify: mounts.targetsToVerify,
    hasOwnVariables: variables.options.env !== undefined,
  };
}

/** Returns the network of a container with the name by which podman knows the container whose network it joins. */
async function networkInPodman(network: string | undefined, context: TaskContext): Promise<Pick<CreateInput, 'network'>> {
  const [, joined] = /^container:(.*)$/.exec(network ?? '') ?? [];
  if (joined === undefined) return {};
  rejectIdle(context, joined);
  return { network: `container:${await nameInPodman(context, joined)}` };
}
