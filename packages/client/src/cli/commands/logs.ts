import { define } from '../command.ts';
import { UsageError } from '../failure.ts';
import { given, oneWord } from '../values.ts';

export const logs = define({
  words: 'NAME',
  about: "Prints a container's log, stdout and stderr in order.",
  flags: {
    follow: { type: 'boolean', short: 'f', about: 'go on until the container ends' },
    tail: { type: 'string', short: 'n', value: 'LINES', about: 'the last lines only; all, unless given' },
    since: { type: 'string', value: 'TIME', about: 'what is newer: RFC 3339, seconds since 1970, or 10m' },
    until: { type: 'string', value: 'TIME', about: 'what is older: the same' },
    timestamps: { type: 'boolean', short: 't', about: 'with the time of each line' },
  },
  async run({ follow, tail = 'all', since, until, timestamps }, words, { api, stopping, writeOutput, tell }) {
    const name = oneWord(words, "A container's name");
    if (!/^(all|\d+)$/.test(tail)) throw new UsageError(`--tail must be a number of lines, or all, and is "${tail}".`);
    if (follow && until !== undefined) throw new UsageError('--until cannot be used with --follow: leave one of them out.');
    const query = given({ since, tail: tail === 'all' ? ('all' as const) : Number(tail) });
    if (!follow) {
      const log = await api.containers.logs(name, { ...query, ...given({ until, timestamps }) }, { signal: stopping });
      await writeOutput('stdout', log.logs);
      if (log.truncated) tell('the log is longer than an answer holds: its end is missing; --tail or --since ask for less.');
      return 0;
    }
    for await (const { stamp, text } of api.containers.followLogs(name, query, { signal: stopping })) {
      await writeOutput('stdout', timestamps ? `${stamp} ${text}` : text);
    }
    return 0;
  },
});
