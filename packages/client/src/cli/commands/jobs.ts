import type { JobsQuery } from '../../types.ts';
import type { CommandContext } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { followJob } from '../follow-job.ts';
import { type ListFormat, listFlags, parseListFormat, printList } from '../list-output.ts';
import { omitUndefined, parseNumber, requireOnePositional } from '../parse-flags.ts';
import { printableJson } from '../printable.ts';

const statuses = ['queued', 'running', 'succeeded', 'failed', 'timed_out', 'cancelled', 'withdrawn', 'unknown'] as const;

export const jobs = defineCommand({
  positionals: '[show ID | follow ID | cancel ID]',
  description:
    'Lists jobs, newest first. With an id: prints the job, follows its output and exits with the code of its command, or cancels it.',
  example: 'podman-api jobs --status running --container box',
  flags: {
    status: { type: 'string', value: 'STATUS', description: statuses.join(', ') },
    operation: { type: 'string', value: 'NAME', description: 'such as container.exec' },
    container: { type: 'string', value: 'NAME', description: 'jobs of this container' },
    node: { type: 'string', value: 'NAME', description: 'jobs on this node' },
    limit: { type: 'string', value: 'NUMBER', description: 'number of jobs; default: 50' },
    ...listFlags,
  },
  async run({ status, limit, format, quiet, ...filter }, [action, ...rest], context) {
    if (action === undefined) {
      const query = omitUndefined({ ...filter, status: parseStatus(status), limit: parseNumber(limit, 'limit') });
      return listJobs(context, query, parseListFormat(omitUndefined({ format, quiet })));
    }
    const { api, signal, print, printLine } = context;
    const id = requireOnePositional(rest, "A job's id");
    if (action === 'show') await print(printableJson(await api.jobs.get(id, { signal })));
    else if (action === 'follow') return followJob(context, id);
    else if (action === 'cancel') await printLine(`${id} is ${(await api.jobs.cancel(id)).status}`);
    else throw new UsageError(`"${action}" is not an action of jobs: use show, follow or cancel.`);
    return 0;
  },
});

async function listJobs(context: CommandContext, query: JobsQuery, format: ListFormat): Promise<number> {
  const { jobs: items } = await context.api.jobs.list(query, { signal: context.signal });
  const rows = items.map(({ id, operation, container, node, status, created_at }) => {
    return [id, operation, container ?? '', status, created_at, node];
  });
  const headings = ['ID', 'OPERATION', 'CONTAINER', 'STATUS', 'CREATED', 'NODE'];
  await printList(context, format, { items, headings, rows, names: items.map(({ id }) => id) });
  return 0;
}

function parseStatus(text: string | undefined): JobsQuery['status'] {
  const status = statuses.find(name => name === text);
  if (text !== undefined && status === undefined) throw new UsageError(`--status must be one of ${statuses.join(', ')}.`);
  return status;
}
