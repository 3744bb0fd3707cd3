import type { JobsQuery } from '../../types.ts';
import { define } from '../command.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { followJob } from '../follow-job.ts';
import { printableJson } from '../printable.ts';
import { tableOf } from '../table.ts';
import { given, numberOf, oneWord } from '../values.ts';

const statuses = ['queued', 'running', 'succeeded', 'failed', 'timed_out', 'cancelled', 'withdrawn', 'unknown'] as const;

export const jobs = define({
  words: '[show ID | follow ID | cancel ID]',
  about: 'Lists jobs, the newest first; tells all of one, follows what its command writes and exits as it does, or cancels it.',
  flags: {
    status: { type: 'string', value: 'STATUS', about: statuses.join(', ') },
    operation: { type: 'string', value: 'NAME', about: 'such as container.exec' },
    container: { type: 'string', value: 'NAME', about: 'of this container' },
    node: { type: 'string', value: 'NAME', about: 'on this node' },
    limit: { type: 'string', value: 'NUMBER', about: 'so many; 50, unless given' },
    json: { type: 'boolean', about: 'as JSON' },
  },
  async run({ status, limit, json, ...filter }, [action, ...words], context) {
    if (action === undefined) {
      return list(context, given({ ...filter, status: statusOf(status), limit: numberOf(limit, 'limit') }), json ?? false);
    }
    const { api, stopping, print, printLine } = context;
    const id = oneWord(words, "A job's id");
    if (action === 'show') await print(printableJson(await api.jobs.get(id, { signal: stopping })));
    else if (action === 'follow') return followJob(context, id);
    else if (action === 'cancel') await printLine(`${id} is ${(await api.jobs.cancel(id)).status}`);
    else throw new UsageError(`"${action}" is none of show, follow and cancel.`);
    return 0;
  },
});

async function list({ api, stopping, print }: Context, query: JobsQuery, json: boolean): Promise<number> {
  const page = await api.jobs.list(query, { signal: stopping });
  const rows = page.jobs.map(({ id, operation, container, node, status, created_at }) => {
    return [id, operation, container ?? '', status, created_at, node];
  });
  const heads = ['ID', 'OPERATION', 'CONTAINER', 'STATUS', 'CREATED', 'NODE'];
  await print(json ? printableJson(page.jobs) : `${tableOf(heads, rows)}\n`);
  return 0;
}

function statusOf(text: string | undefined): JobsQuery['status'] {
  const status = statuses.find(name => name === text);
  if (text !== undefined && status === undefined) throw new UsageError(`--status must be one of ${statuses.join(', ')}.`);
  return status;
}
