import type { CreatedContainer, CreateRequest } from '../../types.ts';
import { define } from '../command.ts';
import type { Context } from '../context.ts';
import { lineOf, UsageError } from '../failure.ts';
import { followOwnJob } from '../follow-job.ts';
import { stdinText } from '../stdin.ts';
import { given, numberOf } from '../values.ts';
import { flags } from './run/flags.ts';
import { keepAlive, lease } from './run/lease.ts';
import { requestOf } from './run/request.ts';

/** How long a container waits for its command's end, in seconds: a day, after which it stops by itself. */
const longest = 86_400;

export const run = define({
  words: 'IMAGE COMMAND [ARGUMENT…]',
  about: 'Makes a container, runs a command in it, and exits as that does.',
  flags,
  passesOn: true,
  async run(values, [image, ...command], context) {
    if (image === undefined) throw new UsageError('An image is wanted.');
    const request = requestOf(values, image);
    if (values.detach) return runDetached(values, { ...request, ...(command.length > 0 && { command }) }, context);
    if (command.length === 0) throw new UsageError('A command is wanted; --detach runs the one of the image.');

    const timeout = numberOf(values.timeout, 'timeout');
    const stdin = values.interactive ? await stdinText(context.stopping) : undefined;
    // Without --rm the container is to stay, for somebody to look at it.
    const ttl = request.ttl ?? (values.rm ? lease : undefined);
    // The container waits while commands are executed in it: their output and exit codes are the API's to follow.
    const waiting = { ...request, ...given({ ttl }), entrypoint: ['sleep'], command: [String(request.ttl ?? longest)] };
    const { id, name } = await create(waiting, context);
    const letGo = request.ttl === undefined && ttl !== undefined ? keepAlive(context.api, id, ttl) : () => {};
    try {
      context.stopping.throwIfAborted();
      context.progress.show(`running in ${name}`);
      const job = await context.api.containers.beginExec(id, { command, ...given({ timeout, stdin }) }, { signal: context.stopping });
      return await followOwnJob(context, job.id);
    } finally {
      letGo();
      await putAway({ id, name }, values.rm ?? false, context);
    }
  },
});

async function runDetached({ rm, interactive, timeout }: Detached, request: CreateRequest, context: Context): Promise<number> {
  if (rm || interactive || timeout) throw new UsageError('--rm, --interactive and --timeout need a command that is waited for; see --ttl.');
  const { id, name } = await create(request, context);
  if (context.stopping.aborted) await putAway({ id, name }, true, context);
  context.stopping.throwIfAborted();
  await context.write('stdout', `${name}\n`);
  return 0;
}

interface Detached {
  readonly rm?: boolean | undefined;
  readonly interactive?: boolean | undefined;
  readonly timeout?: string | undefined;
}

async function create(request: CreateRequest, { api, stopping, progress }: Context): Promise<CreatedContainer> {
  progress.show(`creating ${request.name} from ${request.image}`);
  return api.containers.create(request, { signal: stopping });
}

/** Removes a container, or stops it. That this failed is told, and changes no exit code. */
async function putAway(
  { id, name }: Pick<CreatedContainer, 'id' | 'name'>,
  remove: boolean,
  { api, progress, tell }: Context,
): Promise<void> {
  progress.show(`${remove ? 'removing' : 'stopping'} ${name}`);
  try {
    await (remove ? api.containers.remove(id, { force: true }) : api.containers.stop(id, { timeout: 0 }));
  } catch (error) {
    tell(`${name} is left: ${lineOf(error)} Remove it with: podman-api rm --force ${name}`);
  } finally {
    progress.clear();
  }
}
