import type { GapEvent, NodeEvent } from '../../routes/events.ts';
import type { EventsQuery } from '../../types.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { parseListFormat } from '../list-output.ts';
import { filterFlag, omitUndefined, parseFilters, parseSingleFilter, rejectPositionals } from '../parse-flags.ts';
import { printableJson } from '../printable.ts';

const filterKeys = ['type', 'container', 'node'] as const;
const types = ['container', 'image', 'network', 'volume'] as const;

export const events = defineCommand({
  positionals: '',
  description: 'Prints the events of all nodes as they happen, until it is interrupted.',
  example: 'podman-api events --since 10m --filter container=box',
  flags: {
    filter: { ...filterFlag(filterKeys), short: 'f' },
    since: { type: 'string', value: 'TIME', description: 'begin with stored events: RFC 3339, seconds since 1970, or an age such as 10m' },
    after: { type: 'string', value: 'ID', description: 'continue after this event; --format json prints the ids' },
    format: { type: 'string', value: 'FORMAT', description: 'table, or json for a line of JSON for each event; default: table' },
  },
  async run({ filter, since, after, ...values }, positionals, { api, signal, printLine, print, printMessage }) {
    rejectPositionals(positionals);
    const isJson = parseListFormat(values) === 'json';
    if (since !== undefined && after !== undefined) throw new UsageError('--since and --after cannot be used together.');
    const filters = parseFilters(filter, filterKeys);
    const query: EventsQuery = omitUndefined({
      type: parseType(parseSingleFilter(filters.type, 'type')),
      container: parseSingleFilter(filters.container, 'container'),
      node: parseSingleFilter(filters.node, 'node'),
      since,
    });
    for await (const event of api.events.follow(query, { signal, ...omitUndefined({ after }) })) {
      if (isJson) await print(printableJson(event, 0));
      else if (event.event === 'gap') printMessage(describeGap(event));
      else await printLine(formatEvent(event));
    }
    return 0;
  },
});

/** Returns an event as podman prints it: time, type, action, id, and names in parentheses. */
function formatEvent({ time, event, action, resource_id, name, image, node, exit_code, health }: NodeEvent): string {
  const fields = { image, name, node, exit_code, health };
  const known = Object.entries(fields).filter(([, value]) => value !== null);
  const details = known.map(([field, value]) => `${field}=${value}`).join(', ');
  return [time, event, action, ...(resource_id === '' ? [] : [resource_id]), `(${details})`].join(' ');
}

function describeGap({ reason, node }: GapEvent): string {
  const where = node === null ? '' : ` of ${node}`;
  if (reason === 'trimmed') return `earlier events${where} are no longer stored.`;
  return `events${where} may be missing here: list the resources again for their current state.`;
}

/** @throws UsageError for a type that does not exist */
function parseType(text: string | undefined): EventsQuery['type'] {
  const type = types.find(name => name === text);
  if (text !== undefined && type === undefined) throw new UsageError(`--filter type must be one of ${types.join(', ')}.`);
  return type;
}
