import type { CreatedContainer, CreateRequest, ImageCreateRequest } from '../../../types.ts';
import type { CommandContext } from '../../context.ts';
import { defineCommand } from '../../define-command.ts';
import { UsageError } from '../../errors.ts';
import { submitAndFollow } from '../../follow-job.ts';
import { omitUndefined, parseNumber } from '../../parse-flags.ts';
import { readStdinText } from '../../stdin.ts';
import { rejectTty } from '../../tty.ts';
import { removeOrStop, renewedTtlSeconds, renewPeriodically } from './container-lifetime.ts';
import { flags } from './flags.ts';
import { createPoolRequest, createRequest, parseEntrypoint, type RunValues } from './request.ts';
import { runWithFiles } from './run-with-files.ts';

/** A container without --ttl stops by itself after a day, in case this program is killed. */
const maxSleepSeconds = 86_400;

export const run = defineCommand({
  positionals: 'IMAGE COMMAND [ARGUMENT…]',
  description: 'Creates a container, runs a command in it, and exits with its code.',
  example: 'podman-api run --rm docker.io/library/alpine:3.20 echo hello',
  flags,
  passThrough: true,
  async run(values, [image, ...args], context) {
    rejectTty(values.tty);
    if (values.pool !== undefined) return runInPool(values, values.pool, image === undefined ? [] : [image, ...args], context);
    if (image === undefined) throw new UsageError('The image is missing.');
    const request = createRequest(values, image);
    const entrypoint = parseEntrypoint(values);
    if (values.detach)
      return runDetached(values, { ...request, ...createProcess(values.entrypoint === '' ? '' : entrypoint, args) }, context);
    const command = [...entrypoint, ...args];
    if (command.length === 0) throw new UsageError('The command is missing: add one, or use --detach to run that of the image.');
    if (values.restart !== undefined) throw new UsageError('--restart needs --detach: without it, the container stops with the command.');

    if (values.file || values.output) return runWithFiles(values, request, command, context);
    // The command runs as an exec, because the API returns the output and exit codes of execs. The container itself sleeps.
    const sleep = { entrypoint: ['sleep'], command: [String(request.ttl ?? maxSleepSeconds)] };
    return runAsExec(values, { ...request, ...sleep }, command, context);
  },
});

/** Runs a command in a container of a pool, which keeps its own main process. */
async function runInPool(values: RunValues, pool: string, command: readonly string[], context: CommandContext): Promise<number> {
  const request = createPoolRequest(values, pool);
  if (values.detach) {
    if (command.length > 0)
      throw new UsageError('With --pool and --detach, the container runs the command of the pool: leave out COMMAND.');
    return runDetached(values, request, context);
  }
  if (command.length === 0) throw new UsageError('The command is missing: add one, or use --detach.');
  return runAsExec(values, request, command, context);
}

/** Creates a container and runs a command in it. The container is removed afterwards with --rm, and otherwise stopped. */
async function runAsExec(values: RunValues, request: CreateRequest, command: readonly string[], context: CommandContext): Promise<number> {
  const timeout = parseNumber(values.timeout, 'timeout');
  const stdin = values.interactive ? await readStdinText(context.signal) : undefined;
  // Without --rm the container is kept, so that a user can inspect it.
  const ttl = request.ttl ?? (values.rm ? renewedTtlSeconds : undefined);
  const createRequestedAtMs = performance.now();
  const { id, name } = await createContainer({ ...request, ...omitUndefined({ ttl }) }, context);
  const stopRenewing = request.ttl === undefined && ttl !== undefined ? renewPeriodically(context.api, id, ttl) : () => {};
  let code: number | undefined;
  try {
    context.signal.throwIfAborted();
    context.progress.show(`running in ${name}`);
    const body = { command, ...omitUndefined({ timeout, stdin }) };
    const ended = await submitAndFollow(context, () => context.api.containers.submitExec(id, body, { signal: context.signal }));
    code = ended.code;
    return code;
  } finally {
    stopRenewing();
    // Measured from before the request, because the time to live starts before the response.
    const hasExpired = request.ttl !== undefined && performance.now() - createRequestedAtMs >= request.ttl * 1000;
    const existed = await removeOrStop({ id, name }, values.rm ? 'remove' : 'stop', context);
    if (hasExpired && (code !== 0 || !existed)) {
      context.printMessage(
        `${name} no longer exists: its time to live (--ttl ${request.ttl}) expired, and the API removed it with its processes.`,
      );
    } else if (!existed) {
      context.printMessage(`${name} no longer exists: another caller removed it.`);
    }
  }
}

/**
 * Returns the entrypoint and command of a detached container; those of the image if they are empty.
 * @param entrypoint an empty string removes the image's entrypoint
 */
function createProcess(entrypoint: readonly string[] | '', command: readonly string[]): Pick<ImageCreateRequest, 'entrypoint' | 'command'> {
  return { ...((entrypoint === '' || entrypoint.length > 0) && { entrypoint }), ...(command.length > 0 && { command }) };
}

async function runDetached(
  { rm, interactive, timeout, file, output }: RunValues,
  request: CreateRequest,
  context: CommandContext,
): Promise<number> {
  if (rm || interactive || timeout || file || output) {
    throw new UsageError('--rm, --interactive, --timeout, --file and --output cannot be used with --detach; see --ttl.');
  }
  const { id, name } = await createContainer(request, context);
  if (context.signal.aborted) await removeOrStop({ id, name }, 'remove', context);
  context.signal.throwIfAborted();
  await context.printLine(name);
  return 0;
}

async function createContainer(request: CreateRequest, { api, signal, progress }: CommandContext): Promise<CreatedContainer> {
  progress.show('pool' in request ? `taking a container of ${request.pool}` : `creating ${request.name} from ${request.image}`);
  return api.containers.create(request, { signal });
}
