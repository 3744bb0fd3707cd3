import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { omitUndefined, requireOnePositional } from '../parse-flags.ts';

export const logs = defineCommand({
  positionals: 'NAME',
  description: "Prints a container's log, stdout and stderr in order.",
  example: 'podman-api logs --follow --tail 10 box',
  flags: {
    follow: { type: 'boolean', short: 'f', description: 'follow the log until the container stops' },
    tail: { type: 'string', short: 'n', value: 'LINES', description: 'number of the last lines to print; default: all' },
    since: {
      type: 'string',
      value: 'TIME',
      description: 'print lines from this time on: RFC 3339, seconds since 1970, or an age such as 10m',
    },
    until: { type: 'string', value: 'TIME', description: 'print lines up to this time, in the formats of --since' },
    timestamps: { type: 'boolean', short: 't', description: 'print the time of each line' },
  },
  async run({ follow, tail = 'all', since, until, timestamps }, positionals, { api, signal, writeOutput, printMessage }) {
    const name = requireOnePositional(positionals, "A container's name");
    if (!/^(all|\d+)$/.test(tail)) throw new UsageError(`--tail must be a number of lines, or all, but is "${tail}".`);
    if (follow && until !== undefined) throw new UsageError('--until cannot be used with --follow: leave one of them out.');
    const query = omitUndefined({ since, tail: tail === 'all' ? ('all' as const) : Number(tail) });
    if (!follow) {
      const log = await api.containers.logs(name, { ...query, ...omitUndefined({ until, timestamps }) }, { signal });
      await writeOutput('stdout', log.logs);
      if (log.truncated) printMessage('the log is longer than one response, so its last lines are missing: use --tail or --since.');
      return 0;
    }
    for await (const event of api.containers.followLogs(name, { ...query, ...omitUndefined({ timestamps }) }, { signal })) {
      if (event.event === 'gap') printMessage('lines may be missing here, because podman has replaced the log file.');
      else if (event.event !== 'exit') await writeOutput('stdout', event.text);
    }
    return 0;
  },
});
