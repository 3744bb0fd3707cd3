import { JobOutcomeError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { environmentArguments } from '@podman-api/podman/environment-arguments';
import type { Context } from '../../operation.ts';
import { policyForPull } from '../../policy/rules.ts';
import { environmentStrings } from '../../schemas/environment.ts';
import { ttlArguments } from '../expiry/ttl.ts';
import { podmanProcessEnv } from '../job-processes.ts';
import { startVerified } from '../mounts/start-verified.ts';
import { readPublishedPorts } from '../published-ports.ts';
import { jobLabel } from '../service-labels.ts';
import { shortId } from '../short-id.ts';
import { wordsOf } from './command.ts';
import { dryRun } from './dry-run.ts';
import type { CreateInput } from './input.ts';
import { optionArguments } from './options.ts';
import { planMounts } from './plan-mounts.ts';
import { parsePorts, publishArgument } from './port-mappings.ts';
import { removeLeftover } from './recover.ts';
import type { CreatedContainer, DryRunResult } from './result.ts';
import { parseVolumes } from './volumes.ts';

/**
 * Stops nothing: podman leaves half a container behind if it is ended while it creates one, and cannot remove files of it that
 * are in use. So podman may finish within the time that the driver allows; then the container is removed.
 */
const letFinish = () => Promise.resolve();

const leftBehind = 'The outcome is unknown: the container was not started as asked, and could not be removed again.';

/**
 * Creates a container and starts it, or only checks what a create would do.
 * @throws ApiError if it cannot be started; it is removed then, or the outcome is unknown if that fails too
 */
export async function createContainer(podman: Podman, input: CreateInput, context: Context): Promise<CreatedContainer | DryRunResult> {
  const publish = parsePorts(input.ports ?? []);
  const variables = environmentArguments(environmentStrings(input.environment));
  const mounts = await planMounts(podman, parseVolumes(input.volumes ?? []), context.policy.mounts, input.restart_policy);
  const pull_policy = policyForPull(input.image, input.pull_policy, context.policy);
  if (input.dry_run) return dryRun(podman, { ...input, pull_policy }, context.signal);
  // A caller's variables must not be in podman's own environment when it starts a container: podman passes its environment on to
  // netavark and iptables, which obey some of them (XTABLES_LIBDIR names libraries to load).
  const isWhole = mounts.targetsToVerify.length === 0 && variables.options.env === undefined;
  const args = [
    ...(isWhole ? ['run', '--detach'] : ['create']),
    // By default podman copies the proxy variables of its own environment, with their passwords, into the container.
    '--http-proxy=false',
    `--name=${input.name}`,
    `--label=${jobLabel}=${context.job}`,
    ...ttlArguments(input, context.job),
    ...variables.args,
    ...publish.map(publishArgument),
    ...mounts.args,
    ...optionArguments({ ...input, pull_policy }),
    '--',
    input.image,
    ...wordsOf(input.command ?? []),
  ];
  try {
    const env = { ...variables.options.env, ...podmanProcessEnv(context) };
    const id = shortId(await podman.run(args, { ...variables.options, env, signal: context.signal, stop: letFinish }));
    const starting = { env: podmanProcessEnv(context), signal: context.signal, stop: letFinish };
    if (mounts.targetsToVerify.length > 0)
      await startVerified(podman, id, { targets: mounts.targetsToVerify, listed: context.policy.mounts }, starting);
    else if (!isWhole) await podman.run(['start', '--', id], starting);
    return await describeCreated(podman, id, input);
  } catch (error) {
    await removeLeftover(podman, context).catch(cause => {
      throw new JobOutcomeError('unknown', leftBehind, {}, { cause });
    });
    throw error;
  }
}

/** Returns the response for a container that was created: the ports too if podman chose any. */
export async function describeCreated(podman: Podman, id: string, { name, ports: wanted = [] }: CreateInput): Promise<CreatedContainer> {
  const chosen = parsePorts(wanted).some(({ host_port }) => host_port === undefined);
  return { id, name, status: 'running', ...(chosen && { ports: await readPublishedPorts(podman, id) }) };
}
