import { undoOrThrowUnknown } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { policyForPull } from '../../policy/rules.ts';
import { shortId } from '../../short-id.ts';
import { podmanProcessEnv } from '../job-processes.ts';
import { startVerified } from '../mounts/start-verified.ts';
import { readPublishedPorts } from '../published-ports.ts';
import { dryRun } from './dry-run.ts';
import type { CreateInput } from './input.ts';
import { type CreatePlan, letFinishAndDiscard, planCreate } from './plan-create.ts';
import { parsePorts } from './port-mappings.ts';
import { removeLeftover } from './recover.ts';
import type { CreatedContainer, DryRunResult } from './result.ts';

const cleanupFailedReason = 'the container was not started as requested, and could not be removed again';

/**
 * Creates a container and starts it, or only checks what a create would do.
 * @throws ApiError if it cannot be started; it is removed then, or the outcome is unknown if that fails too
 */
export async function createContainer(podman: Podman, input: CreateInput, context: TaskContext): Promise<CreatedContainer | DryRunResult> {
  const plan = await planCreate(podman, input, context);
  if (input.dry_run) {
    const pull_policy = policyForPull(input.image, input.pull_policy, context.policy);
    return dryRun(podman, { ...input, pull_policy }, context);
  }
  const created = await startPlanned(podman, plan, input, context);
  if (input.exec_ready) podman.earlySessions.open(input.name);
  else if (input.exec_ready === undefined) podman.earlySessions.openIfExpected(input.name, input.image);
  return { ...created, id: shortId(created.id) };
}

/**
 * Creates a container and starts it.
 * @returns the container with its full id
 * @throws ApiError as `createContainer`
 */
export async function startContainer(podman: Podman, input: CreateInput, context: TaskContext): Promise<CreatedContainer> {
  return startPlanned(podman, await planCreate(podman, input, context), input, context);
}

async function startPlanned(podman: Podman, plan: CreatePlan, input: CreateInput, context: TaskContext): Promise<CreatedContainer> {
  // A caller's variables must not be in podman's own environment when it starts a container: podman passes its environment on to
  // netavark and iptables, which obey some of them (XTABLES_LIBDIR names libraries to load).
  const isOneCommand = plan.targetsToVerify.length === 0 && !plan.hasOwnVariables;
  const args = [...(isOneCommand ? ['run', '--detach'] : ['create']), ...plan.args];
  try {
    const id = (await podman.run(args, { ...plan.options, signal: context.signal, stop: letFinishAndDiscard })).trim();
    const starting = { env: podmanProcessEnv(context), signal: context.signal, stop: letFinishAndDiscard };
    if (plan.targetsToVerify.length > 0)
      await startVerified(podman, id, { targets: plan.targetsToVerify, listed: context.policy.mounts }, starting);
    else if (!isOneCommand) await podman.run(['start', '--', id], starting);
    return await describeCreated(podman, id, input);
  } catch (error) {
    await undoOrThrowUnknown(() => removeLeftover(podman, context), cleanupFailedReason);
    throw error;
  }
}

/** Returns the response for a container that was created: the ports too if podman chose any. */
export async function describeCreated(podman: Podman, id: string, { name, ports: wanted = [] }: CreateInput): Promise<CreatedContainer> {
  const chosen = parsePorts(wanted).some(({ host_port }) => host_port === undefined);
  return { id, name, status: 'running', ...(chosen && { ports: await readPublishedPorts(podman, id) }) };
}
