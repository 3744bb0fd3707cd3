import type { Client } from '../../client.ts';
import type { CallOptions } from '../../jobs/run-job.ts';
import type { CommandContext } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { omitUndefined, parseNumber } from '../parse-flags.ts';
import { forEachName } from './for-each-name.ts';

const timeFlag = {
  time: { type: 'string', short: 't', value: 'SECONDS', description: 'time between SIGTERM and SIGKILL; default: 10' },
} as const;

export const start = defineChange('start', 'starting', 'Starts stopped containers.', (containers, name, options) =>
  containers.start(name, options),
);
export const pause = defineChange('pause', 'pausing', 'Freezes all processes of containers.', (containers, name, options) =>
  containers.pause(name, options),
);
export const unpause = defineChange('unpause', 'continuing', 'Continues the processes of paused containers.', (containers, name, options) =>
  containers.unpause(name, options),
);

export const stop = defineCommand({
  positionals: 'NAME…',
  description: 'Stops containers.',
  example: 'podman-api stop --time 2 box',
  flags: timeFlag,
  run({ time }, names, context) {
    const query = omitUndefined({ timeout: parseNumber(time, 'time') });
    return changeEach(names, context, 'stopping', (containers, name, options) => containers.stop(name, query, options));
  },
});

export const restart = defineCommand({
  positionals: 'NAME…',
  description: 'Stops containers and starts them again.',
  example: 'podman-api restart box',
  flags: timeFlag,
  run({ time }, names, context) {
    const query = omitUndefined({ timeout: parseNumber(time, 'time') });
    return changeEach(names, context, 'restarting', (containers, name, options) => containers.restart(name, query, options));
  },
});

export const kill = defineCommand({
  positionals: 'NAME…',
  description: 'Sends a signal to the main processes of containers.',
  example: 'podman-api kill --signal HUP box',
  flags: { signal: { type: 'string', short: 's', value: 'SIGNAL', description: 'name or number, such as HUP; default: KILL' } },
  run: ({ signal }, names, context) =>
    changeEach(names, context, 'sending the signal to', (containers, name, options) =>
      containers.kill(name, omitUndefined({ signal }), options),
    ),
});

export const rename = defineCommand({
  positionals: 'NAME NEW_NAME',
  description: 'Renames a container.',
  example: 'podman-api rename box old-box',
  flags: {},
  async run(_values, [name, newName, ...rest], { api, signal, printLine }) {
    if (name === undefined || newName === undefined || rest.length > 0) throw new UsageError('rename needs NAME and NEW_NAME.');
    await printLine((await api.containers.rename(name, newName, { signal })).name);
    return 0;
  },
});

/** Changes a container by a call of the client. */
type Change = (containers: Client['containers'], name: string, options: CallOptions) => Promise<object>;

/** Defines a command without flags that changes containers. */
function defineChange(name: string, verb: string, description: string, change: Change) {
  return defineCommand({
    positionals: 'NAME…',
    description,
    example: `podman-api ${name} box`,
    flags: {},
    run: (_values, names, context) => changeEach(names, context, verb, change),
  });
}

/** Changes each container and prints its name. @param verb for the status line @returns the exit code */
function changeEach(names: readonly string[], context: CommandContext, verb: string, change: Change): Promise<number> {
  const { api, signal, printLine } = context;
  return forEachName(names, context, { noun: 'container', verb }, async name => {
    await change(api.containers, name, { signal });
    await printLine(name);
  });
}
