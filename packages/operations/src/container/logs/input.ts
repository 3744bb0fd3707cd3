import Joi from 'joi';
import { boundedText } from '../../schemas/bounds.ts';
import { containerName } from '../../schemas/names.ts';
import { queryFlag } from '../../schemas/query.ts';
import { logTime, parseLogTime } from './log-time.ts';

/** Input of `GET /containers/:name/logs`. */
export interface LogsInput {
  readonly name: string;
  /** Lines from the end, or `all`. */
  readonly tail?: string;
  readonly since?: string;
  readonly until?: string;
  readonly timestamps?: boolean;
  readonly follow?: boolean;
  /** Position in the stream after which to continue; see `parsePosition`. */
  readonly last_event_id?: string;
}

const timeFormats = 'RFC 3339, seconds since 1970, or an age such as `10m`.';

/** Schema of `GET /containers/:name/logs`. */
export const logsInput = Joi.object<LogsInput>({
  name: containerName().required(),
  tail: boundedText(9)
    .pattern(/^(all|\d{1,9})$/)
    .messages({ 'string.pattern.base': '{{#label}} must be a number of lines, or all' })
    .description('Number of lines from the end, or `all`; default: 100.'),
  since: logTime().description(`Only lines from this time on: ${timeFormats}`),
  until: logTime().description(`Only lines up to this time: ${timeFormats}`),
  timestamps: queryFlag().description('Writes the time before each line.'),
  follow: queryFlag().description('Streams the log as events until the container stops.'),
  last_event_id: boundedText(40)
    .pattern(/^\d{1,19}-\d{1,9}$/)
    .messages({ 'string.pattern.base': '{{#label}} must be the id of an event of this stream' })
    .description('With `follow=true`: the `id` of the last received event, after which the stream continues.'),
});

/** Schema of the same with `follow=true`: a stream has no end in the log. */
export const followInput = logsInput.fork(['until'], () => Joi.forbidden());

/** The headers that fields of the input are read from. */
export const logsHeaders = { last_event_id: 'Last-Event-ID' } as const;

/** Returns where the requested log begins, in lines and as nanoseconds since 1970. */
export function rangeOf({ tail = '100', since, until }: LogsInput) {
  const nowMs = Date.now();
  return {
    tail: tail === 'all' ? ('all' as const) : Number(tail),
    since: since === undefined ? undefined : parseLogTime(since, nowMs),
    until: until === undefined ? undefined : parseLogTime(until, nowMs),
  };
}
