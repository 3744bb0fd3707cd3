import { define } from '../command.ts';
import { UsageError } from '../failure.ts';
import { followOwnJob } from '../follow-job.ts';
import { stdinText } from '../stdin.ts';
import { environmentOf, given, numberOf } from '../values.ts';

export const exec = define({
  words: 'NAME COMMAND [ARGUMENT…]',
  about: 'Runs a command in a running container, and exits as it does.',
  flags: {
    interactive: { type: 'boolean', short: 'i', about: 'give it what stands on stdin (text)' },
    env: { type: 'string', short: 'e', multiple: true, value: 'KEY[=VALUE]', about: "set a variable; without a value, from one's own" },
    user: { type: 'string', short: 'u', value: 'USER', about: 'as this user' },
    workdir: { type: 'string', short: 'w', value: 'PATH', about: 'in this folder' },
    timeout: { type: 'string', value: 'SECONDS', about: 'end it after so long' },
  },
  passesOn: true,
  async run({ interactive, env, user, workdir, timeout }, [name, ...command], context) {
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
    return followOwnJob(context, job.id);
  },
});
