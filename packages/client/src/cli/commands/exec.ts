import { ApiError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { submitAndFollow } from '../follow-job.ts';
import { omitUndefined, parseNumber, parseVariables } from '../parse-flags.ts';
import { readStdinText } from '../stdin.ts';
import { runInTerminal } from '../tty.ts';

export const exec = defineCommand({
  positionals: 'NAME COMMAND [ARGUMENT…]',
  description: 'Runs a command in a running container and exits with its code.',
  example: 'podman-api exec --user 1000 box id',
  flags: {
    interactive: { type: 'boolean', short: 'i', description: 'pass stdin (text) to the command' },
    tty: { type: 'boolean', short: 't', description: 'run the command in a terminal, with -i for a shell' },
    env: {
      type: 'string',
      short: 'e',
      multiple: true,
      value: 'KEY[=VALUE]',
      description: "set a variable; without a value, use this process's",
    },
    user: { type: 'string', short: 'u', value: 'USER', description: 'user who runs the command' },
    workdir: { type: 'string', short: 'w', value: 'PATH', description: 'working directory' },
    timeout: { type: 'string', value: 'SECONDS', description: 'stop the command after this time' },
  },
  passThrough: true,
  async run({ interactive, tty, env, user, workdir, timeout }, [name, ...command], context) {
    if (name === undefined || command.length === 0) throw new UsageError('exec needs NAME and COMMAND.');
    if (tty) {
      const own = { command, user, workDir: workdir, environment: parseVariables(env, 'env') };
      return runInTerminal(name, { ...own, timeoutSeconds: parseNumber(timeout, 'timeout'), stdin: interactive ?? false }, context);
    }
    const body = omitUndefined({
      environment: parseVariables(env, 'env'),
      user,
      work_dir: workdir,
      timeout: parseNumber(timeout, 'timeout'),
      stdin: interactive ? await readStdinText(context.signal) : undefined,
    });
    context.progress.show(`running in ${name}`);
    const submit = () => context.api.containers.submitExec(name, { ...body, command }, { signal: context.signal });
    const { code } = await submitAndFollow(context, submit);
    const reason = mayBeRemoval(code) ? await findRemovalReason(name, context) : undefined;
    if (reason !== undefined) context.printMessage(`${name} no longer exists: ${reason}.`);
    return code;
  },
});

/**
 * Returns whether the removal of its container may have stopped a command: the code is that of SIGKILL (137), an error of podman
 * (125 or 255), or an unknown outcome. A container that did not exist before has another code.
 */
function mayBeRemoval(code: number): boolean {
  return code >= 125 && code !== exitCodes.refused.code;
}

/** Returns why a container was or will be removed; `undefined` if it exists or cannot be inspected. */
async function findRemovalReason(name: string, { api, signal }: CommandContext): Promise<string | undefined> {
  try {
    const { expires_at } = await api.containers.inspect(name, { signal });
    const hasExpired = expires_at !== null && Date.parse(expires_at) <= Date.now();
    return hasExpired ? 'its time to live (ttl) expired, and the API removed it with the command' : undefined;
  } catch (error) {
    const isRemoved = error instanceof ApiError && error.status === 404;
    return isRemoved
      ? 'it was removed while the command ran, because its time to live (ttl) expired or another caller removed it'
      : undefined;
  }
}
