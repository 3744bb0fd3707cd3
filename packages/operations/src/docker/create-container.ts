import { ApiError, undoOrThrowUnknown } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import Joi from 'joi';
import { effectOfCreate } from '../container/create/effect-of-create.ts';
import { type CreateInput, containerSchemas } from '../container/create/input.ts';
import { optionSchemas } from '../container/create/options.ts';
import { letFinishAndDiscard, planCreate } from '../container/create/plan-create.ts';
import { findByJob, removeLeftover } from '../container/create/recover.ts';
import { createRefusals } from '../container/create/refusals.ts';
import { resourcesOf } from '../container/create/resources.ts';
import { ttl } from '../container/expiry/ttl.ts';
import { waitForPodman } from '../container/job-processes.ts';
import { defineRequestedTask } from '../define.ts';
import type { TaskContext } from '../operation.ts';
import { boundedList, boundedText } from '../schemas/bounds.ts';
import { containerName, image } from '../schemas/names.ts';

/** Fields of Docker's create that the REST API does not have. */
interface DockerOptions {
  /** Removes the container when it has ended. */
  readonly auto_remove?: boolean;
  readonly tty?: boolean;
  /** Keeps the stdin of the container open. */
  readonly stdin_open?: boolean;
  /** Ports that the container listens on, such as `80/tcp`; this publishes none. */
  readonly expose?: readonly string[];
  /** Publishes all exposed ports at ports of the host that podman chooses. */
  readonly publish_all?: boolean;
  /** More names of the container in its network. */
  readonly network_aliases?: readonly string[];
  /** Seconds between the signal that stops it and SIGKILL. */
  readonly stop_timeout?: number;
}

/** A container for Docker's API: it is created, but not started. */
export interface DockerCreateInput extends Omit<CreateInput, 'dry_run'>, DockerOptions {}

/** A container that was created. */
export interface DockerCreated {
  /** 64 digits. */
  readonly id: string;
  readonly name: string;
}

const maxPorts = 1000;
const maxAliases = 100;
const cleanupFailedReason = 'the container was not created as requested, and could not be removed again';
const diedBefore = 'The worker died before the container was created; nothing is left of it. Send the request again.';

/** Creates a container without starting it, as Docker does. */
export const dockerCreateContainer = defineRequestedTask<DockerCreateInput, DockerCreated>({
  name: 'docker.create_container',
  scope: 'containers:write',
  reach: 'new',
  input: Joi.object<DockerCreateInput>({
    image: image().required(),
    name: containerName().required(),
    ...containerSchemas,
    ttl: ttl(),
    ...optionSchemas,
    auto_remove: Joi.boolean(),
    tty: Joi.boolean(),
    stdin_open: Joi.boolean(),
    expose: boundedList(
      maxPorts,
      boundedText(15)
        .pattern(/^\d{1,5}(-\d{1,5})?\/(tcp|udp|sctp)$/)
        .messages({ 'string.pattern.base': '{{#label}} must be a port such as 80/tcp' }),
    ),
    publish_all: Joi.boolean(),
    network_aliases: boundedList(
      maxAliases,
      boundedText(63)
        .pattern(/^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/)
        .messages({ 'string.pattern.base': '{{#label}} must be a host name, such as db' }),
    ),
    stop_timeout: Joi.number().integer().min(0).max(86_400),
  }),
  secrets: ['environment'],
  reservedName: ({ name }) => name,
  resources: resourcesOf,
  refusals: createRefusals,
  run: createOnly,
  effect: effectOfCreate,
  async recover(podman, { name }, context) {
    await waitForPodman(podman, context);
    const [made] = await findByJob(podman, context.job);
    return made ? { id: made.id, name } : new ApiError('ServiceUnavailableError', diedBefore);
  },
});

async function createOnly(podman: Podman, input: DockerCreateInput, context: TaskContext): Promise<DockerCreated> {
  const plan = await planCreate(podman, input, context);
  const args = ['create', ...dockerArguments(input), ...plan.args];
  try {
    const id = (await podman.run(args, { ...plan.options, signal: context.signal, stop: letFinishAndDiscard })).trim();
    podman.earlySessions.recordCreate({ id, name: input.name, image: input.image });
    return { id, name: input.name };
  } catch (error) {
    await undoOrThrowUnknown(() => removeLeftover(podman, context), cleanupFailedReason);
    throw error;
  }
}

function dockerArguments(given: DockerOptions): string[] {
  return [
    ...(given.auto_remove ? ['--rm'] : []),
    ...(given.tty ? ['--tty'] : []),
    ...(given.stdin_open ? ['--interactive'] : []),
    ...(given.expose ?? []).map(port => `--expose=${port}`),
    ...(given.publish_all ? ['--publish-all'] : []),
    ...(given.network_aliases ?? []).map(alias => `--network-alias=${alias}`),
    ...(given.stop_timeout === undefined ? [] : [`--stop-timeout=${given.stop_timeout}`]),
  ];
}
