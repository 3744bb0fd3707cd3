import type { CreatedContainer, CreateRequest } from '../../types.ts';
import { define } from '../command.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { followOwnJob } from '../follow-job.ts';
import { refuseTerminal } from '../refuse-terminal.ts';
import { stdinText } from '../stdin.ts';
import { given, numberOf } from '../values.ts';
import { flags } from './run/flags.ts';
import { keepAlive, lease } from './run/lease.ts';
import { putAway } from './run/put-away.ts';
import { entrypointOf, type RunValues, requestOf } from './run/request.ts';

/** How long a container waits for its command's end, in seconds: a day, after which it stops by itself. */
const longest = 86_400;

export const run = define({
  words: 'IMAGE COMMAND [ARGUMENT…]',
  about: 'Makes a container, runs a command in it, and exits as that does.',
  flags,
  passesOn: true,
  async run(values, [image, ...words], context) {
    refuseTerminal(values.tty);
    if (image === undefined) throw new UsageError('An image is wanted.');
    const request = requestOf(values, image);
    const entrypoint = entrypointOf(values);
    if (values.detach) return runDetached(values, { ...request, ...processOf(values.entrypoint === '' ? '' : entrypoint, words) }, context);
    const command = [...entrypoint, ...words];
    if (command.length === 0) throw new UsageError('A command is wanted; --detach runs the one of the image.');
    if (values.restart !== undefined) throw new UsageError('--restart needs --detach: what runs here ends with its command.');

    const timeout = numberOf(values.timeout, 'timeout');
    const stdin = values.interactive ? await stdinText(context.stopping) : undefined;
    // Without --rm the container is to stay, for somebody to look at it.
    const ttl = request.ttl ?? (values.rm ? lease : undefined);
    // The container waits while commands are executed in it: their output and exit codes are the API's to follow.
    const waiting = { ...request, ...given({ ttl }), entrypoint: ['sleep'], command: [String(request.ttl ?? longest)] };
    const createCalledAt = performance.now();
    const { id, name } = await create(waiting, context);
    const letGo = request.ttl === undefined && ttl !== undefined ? keepAlive(context.api, id, ttl) : () => {};
    let code: number | undefined;
    try {
      context.stopping.throwIfAborted();
      context.progress.show(`running in ${name}`);
      const job = await context.api.containers.beginExec(id, { command, ...given({ timeout, stdin }) }, { signal: context.stopping });
      code = await followOwnJob(context, job.id);
      return code;
    } finally {
      letGo();
      // From before the create, because the time to live begins before the create is answered.
      const hasExpired = request.ttl !== undefined && performance.now() - createCalledAt >= request.ttl * 1000;
      const existed = await putAway({ id, name }, values.rm ?? false, context);
      if (hasExpired && (code !== 0 || !existed)) {
        context.tell(
          `${name} no longer exists: its time to live (--ttl ${request.ttl}) ended, and the API removed it with all that ran in it.`,
        );
      } else if (!existed) {
        context.tell(`${name} no longer exists: somebody removed it.`);
      }
    }
  },
});

/** What a container runs by itself; the image's own if nothing is given. An empty text stands for no entrypoint. */
function processOf(entrypoint: readonly string[] | '', command: readonly string[]): Pick<CreateRequest, 'entrypoint' | 'command'> {
  return { ...((entrypoint === '' || entrypoint.length > 0) && { entrypoint }), ...(command.length > 0 && { command }) };
}

async function runDetached({ rm, interactive, timeout }: RunValues, request: CreateRequest, context: Context): Promise<number> {
  if (rm || interactive || timeout) throw new UsageError('--rm, --interactive and --timeout need a command that is waited for; see --ttl.');
  const { id, name } = await create(request, context);
  if (context.stopping.aborted) await putAway({ id, name }, true, context);
  context.stopping.throwIfAborted();
  await context.printLine(name);
  return 0;
}

async function create(request: CreateRequest, { api, stopping, progress }: Context): Promise<CreatedContainer> {
  progress.show(`creating ${request.name} from ${request.image}`);
  return api.containers.create(request, { signal: stopping });
}
