import { ApiError, JobEnded } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { environmentArguments } from '@podman-api/podman/environment-arguments';
import Joi from 'joi';
import { define } from '../operation.ts';
import { capabilityRefusals, imageRefusals, networkRefusals } from '../policy/rules.ts';
import { type Environment, environment, environmentStrings } from '../schemas/environment.ts';
import { containerName, image } from '../schemas/names.ts';
import { labels, nodeName } from '../schemas/nodes.ts';
import { queryFlag } from '../schemas/query.ts';
import { type Command, command, wordsOf } from './create/command.ts';
import { planMounts } from './create/mounts.ts';
import { type Options, optionArguments, options } from './create/options.ts';
import { type Port, type Ports, ports, portsOf, publishArgument } from './create/ports.ts';
import { publishedPorts } from './create/published-ports.ts';
import { recoverCreated, removeLeftover } from './create/recover.ts';
import { type Rehearsal, rehearse } from './create/rehearse.ts';
import { createdContainer, exampleCreate, rehearsal } from './create/shape.ts';
import { type Volumes, volumes, volumesOf } from './create/volumes.ts';
import { ttl, ttlArguments } from './expiry/ttl.ts';
import { shortId } from './ids.ts';
import { jobLabel, traced } from './mark.ts';
import { startVerified } from './mounts/start-verified.ts';

export interface CreateInput extends Options {
  readonly image: string;
  readonly name: string;
  readonly command?: Command;
  readonly environment?: Environment;
  readonly ports?: Ports;
  readonly volumes?: Volumes;
  /** Where it is to be: the API has chosen by these, and the worker has no more use for them. */
  readonly node?: string;
  readonly node_selector?: Readonly<Record<string, string>>;
  /** After how many seconds it is removed by force. */
  readonly ttl?: number;
  /** Makes nothing, and tells what a create would come to. */
  readonly dry_run?: boolean;
}

export interface CreatedContainer {
  readonly id: string;
  readonly name: string;
  readonly status: 'running';
  /** Which ports of the host podman chose, where it was left to choose. */
  readonly ports?: readonly Port[];
}

/**
 * Podman that is ended while it makes a container leaves half of one, of which it can't remove the files while they are in
 * use. So it may finish, within what `end` allows a command; then what it has made is removed.
 */
const letFinish = () => Promise.resolve();

const leftBehind = 'The outcome is unknown: the container was not started as asked, and could not be removed again.';

/** Makes a container and starts it; one that can't be started is removed again. */
export const create = define<CreateInput, CreatedContainer | Rehearsal>({
  name: 'container.create',
  method: 'POST',
  path: '/containers',
  reach: 'new',
  query: ['dry_run'],
  scope: 'containers:write',
  input: Joi.object<CreateInput>({
    image: image().required(),
    name: containerName().required(),
    command: command(),
    environment: environment(),
    ports: ports(),
    volumes: volumes(),
    node: nodeName().description('The node it is to be on; unset, one is chosen.'),
    node_selector: labels().description('Labels that the chosen node must have.'),
    ttl: ttl().description('After how many seconds it is removed by force.'),
    dry_run: queryFlag().description('Makes nothing, and tells what a create would come to.'),
    ...options,
  }),
  secrets: ['environment'],
  noun: 'container',
  status: 201,
  summary: 'Makes a container and starts it',
  description: 'One that can not be started is removed again.',
  results: { 201: createdContainer, 200: rehearsal },
  example: exampleCreate,
  refusals: ({ image: reference, cap_add, network }, policy) => [
    ...imageRefusals(reference, policy),
    ...capabilityRefusals(cap_add, policy),
    ...networkRefusals(network, policy),
  ],
  changes: ({ dry_run = false }) => !dry_run,
  makes: ({ name, dry_run = false }) => (dry_run ? undefined : name),
  statusOf: ({ dry_run = false }) => (dry_run ? 200 : 201),
  location: ({ name, dry_run = false }) => (dry_run ? undefined : `/containers/${name}`),
  async run(podman, input, context) {
    const publish = portsOf(input.ports ?? []);
    const variables = environmentArguments(environmentStrings(input.environment));
    const mounts = await planMounts(podman, volumesOf(input.volumes ?? []), context.policy.mounts, input.restart_policy);
    if (input.dry_run) return rehearse(podman, input, context.signal);
    // Variables in podman's own environment must not be there when it starts a container: it hands its environment on to
    // netavark and iptables, which take some for orders (XTABLES_LIBDIR names libraries to load).
    const isWhole = mounts.held.length === 0 && variables.options.env === undefined;
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
      ...optionArguments(input),
      '--',
      input.image,
      ...wordsOf(input.command ?? []),
    ];
    try {
      const env = { ...variables.options.env, ...traced(context) };
      const id = shortId(await podman.run(args, { ...variables.options, env, signal: context.signal, stop: letFinish }));
      const starting = { env: traced(context), signal: context.signal, stop: letFinish };
      if (mounts.held.length > 0) await startVerified(podman, id, { targets: mounts.held, listed: context.policy.mounts }, starting);
      else if (!isWhole) await podman.run(['start', '--', id], starting);
      return await created(podman, id, input);
    } catch (error) {
      await removeLeftover(podman, context).catch(cause => {
        throw new JobEnded('unknown', leftBehind, {}, { cause });
      });
      throw error;
    }
  },
  effect: ({ ttl }, made) => ('id' in made ? { made: { id: made.id, name: made.name, ttl } } : undefined),
  async recover(podman, input, context) {
    const found = await recoverCreated(podman, context);
    return found instanceof ApiError ? found : created(podman, found, input);
  },
});

/** What is told of a container that was made. */
async function created(podman: Podman, id: string, { name, ports: wanted = [] }: CreateInput): Promise<CreatedContainer> {
  const chosen = portsOf(wanted).some(({ host_port }) => host_port === undefined);
  return { id, name, status: 'running', ...(chosen && { ports: await publishedPorts(podman, id) }) };
}
