import { ApiError } from '../../errors.ts';
import { define } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import { followOwnJob } from '../follow-job.ts';
import { refuseTerminal, ttyFlag } from '../refuse-terminal.ts';
import { stdinText } from '../stdin.ts';
import { environmentOf, given, numberOf } from '../values.ts';

export const exec = define({
  words: 'NAME COMMAND [ARGUMENT…]',
  about: 'Runs a command in a running container, and exits as it does.',
  flags: {
    interactive: { type: 'boolean', short: 'i', about: 'give it what stands on stdin (text)' },
    tty: ttyFlag,
    env: { type: 'string', short: 'e', multiple: true, value: 'KEY[=VALUE]', about: "set a variable; without a value, from one's own" },
    user: { type: 'string', short: 'u', value: 'USER', about: 'as this user' },
    workdir: { type: 'string', short: 'w', value: 'PATH', about: 'in this folder' },
    timeout: { type: 'string', value: 'SECONDS', about: 'end it after so long' },
  },
  passesOn: true,
  async run({ interactive, tty, env, user, workdir, timeout }, [name, ...command], context) {
    refuseTerminal(tty);
    if (name === undefined || command.length === 0) throw new UsageError('A container and a command are wanted.');
    const body = given({
      environment: environmentOf(env),
      user,
      work_dir: workdir,
      timeout: numberOf(timeout, 'timeout'),
      stdin: interactive ? await stdinText(context.stopping) : undefined,
    });
    context.progress.show(`running in ${name}`);
    const job = await context.api.containers.beginExec(name, { ...body, command }, { signal: context.stopping });
    const code = await followOwnJob(context, job.id);
    const reason = mayBeRemoval(code) ? await removalReason(name, context) : undefined;
    if (reason !== undefined) context.tell(`${name} no longer exists: ${reason}.`);
    return code;
  },
});

/**
 * Whether a command may have ended like this because its container was removed: by SIGKILL (137), by an error of podman
 * (125 or 255), or in a way that the API does not know. A container that was not there before is another code.
 */
function mayBeRemoval(code: number): boolean {
  return code >= 125 && code !== exitCodes.refused.code;
}

/** Returns why a container is gone or about to go; `undefined` if it stays or that cannot be found out. */
async function removalReason(name: string, { api, stopping }: Context): Promise<string | undefined> {
  try {
    const { expires_at } = await api.containers.inspect(name, { signal: stopping });
    const hasExpired = expires_at !== null && Date.parse(expires_at) <= Date.now();
    return hasExpired ? 'its time to live (ttl) ended, and the API removed it with the command' : undefined;
  } catch (error) {
    const isGone = error instanceof ApiError && error.status === 404;
    return isGone ? 'it was removed while the command ran, because its time to live (ttl) ended or by somebody' : undefined;
  }
}
