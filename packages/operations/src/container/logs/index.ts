import Joi from 'joi';
import { boundedText } from '../../schemas/bounds.ts';
import { containerName } from '../../schemas/names.ts';
import { queryFlag } from '../../schemas/query.ts';
import { anyText, shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { limitJson } from './limit-json.ts';
import { logTime, parseLogTime } from './log-time.ts';

interface LogsInput {
  readonly name: string;
  /** Lines from the end, or `all`. */
  readonly tail?: string;
  readonly since?: string;
  readonly until?: string;
  readonly timestamps?: boolean;
}

interface ContainerLogs {
  readonly name: string;
  readonly logs: string;
  /** Whether the log is longer: the beginning of the last lines is missing, or the end of `all`. */
  readonly truncated: boolean;
}

/** Longest log in a response, before and after it is turned into JSON. */
const maxLogBytes = 16 * 1024 ** 2;

const timeFormats = 'RFC 3339, seconds since 1970, or how long ago, as in `10m`.';

/** Returns the last lines of a container's log, stdout and stderr in order. */
export const logs = defineContainerOperation<LogsInput, ContainerLogs>({
  name: 'container.logs',
  method: 'GET',
  path: '/containers/:name/logs',
  scope: 'containers:read',
  query: ['tail', 'since', 'until', 'timestamps'],
  input: Joi.object<LogsInput>({
    name: containerName().required(),
    tail: boundedText(9)
      .pattern(/^(all|\d{1,9})$/)
      .messages({ 'string.pattern.base': '{{#label}} must be a number of lines, or all' })
      .description('How many lines from the end, or `all`; 100 unless told.'),
    since: logTime().description(`Only lines from this time on: ${timeFormats}`),
    until: logTime().description(`Only lines up to this time: ${timeFormats}`),
    timestamps: queryFlag().description('Puts the time before each line.'),
  }),
  lane: 'reads',
  repeatable: true,
  noun: 'container',
  summary: "The last lines of a container's log",
  description: 'stdout and stderr in order.',
  results: {
    200: shape<ContainerLogs>('ContainerLogs', { name: containerName(), logs: anyText(), truncated: Joi.boolean() }),
  },
  example: { input: { name: 'web', tail: '100' }, result: { name: 'web', logs: 'listening on port 80\n', truncated: false } },
  async run(podman, { name, tail = '100', since, until, timestamps = false }, { signal }) {
    const nowMs = Date.now();
    const query = {
      tail: tail === 'all' ? ('all' as const) : Number(tail),
      since: since === undefined ? undefined : parseLogTime(since, nowMs),
      until: until === undefined ? undefined : parseLogTime(until, nowMs),
      timestamps,
    };
    const { bytes, truncated } = await podman.logs(name, query, maxLogBytes, { signal });
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
    const logs = limitJson(text, maxLogBytes, tail === 'all' ? 'start' : 'end');
    return { name, logs, truncated: truncated || logs.length < text.length };
  },
});
