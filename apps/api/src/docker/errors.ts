import { toApiError } from '@podman-api/errors';
import type { Log } from '@podman-api/runtime';
import type { Next } from 'koa';
import type { KoaContext } from '../context.ts';
import { logError, setErrorStatus } from '../response/failure.ts';
import { DockerError } from './route.ts';

/** Responds to every failure as Docker does: `{"message"}`. Errors of the API itself are logged with their cause. */
export function dockerErrors(log: Log) {
  return async (ctx: KoaContext, next: Next): Promise<void> => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new DockerError(404, 'NotFoundError', 'page not found');
    } catch (thrown) {
      const error = toApiError(thrown);
      logError(ctx, log, error);
      setErrorStatus(ctx, error);
      ctx.body = { message: dockerMessage(error.message) };
      // Docker's command line shows the message only if the type has no charset.
      ctx.set('Content-Type', 'application/json');
    }
  };
}

/** Docker's messages for a command that cannot be run, by which its command line chooses the exit code 127 or 126. */
const commandMessages: Readonly<Record<string, string>> = {
  'command: the container has no such executable.': 'command: the container has no such executable: executable file not found in $PATH.',
  'command: that file in the container is not executable.': 'command: that file in the container is not executable: permission denied.',
};

/** Rewords a message about a missing resource as Docker does, because some clients recognize it. */
export function dockerMessage(message: string): string {
  return (
    commandMessages[message] ?? message.replace(/^There is no (container|image|network|volume) (\S+?)(?=[:.]? |[:.]?$)/, 'No such $1: $2')
  );
}
