import { setImmediate } from 'node:timers/promises';
import Joi from 'joi';
import pLimit from 'p-limit';
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

/** Logs that are read at once: one of 16 MiB takes about 130 MiB of the worker's memory until it has been turned into JSON. */
const readLimit = pLimit(2);

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
      .description('Number of lines from the end, or `all`; default: 100.'),
    since: logTime().description(`Only lines from this time on: ${timeFormats}`),
    until: logTime().description(`Only lines up to this time: ${timeFormats}`),
    timestamps: queryFlag().description('Writes the time before each line.'),
  }),
  lane: 'reads',
  repeatable: true,
  noun: 'container',
  summary: 'Returns the last lines of the log of a container',
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
    return readLimit(async () => {
      const { bytes, truncated } = await podman.logs(name, query, maxLogBytes, { signal });
      // Each step takes up to 100 ms for 16 MiB, so other work of the worker runs in between.
      await setImmediate();
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
      await setImmediate();
      const logs = limitJson(text, maxLogBytes, tail === 'all' ? 'start' : 'end');
      await setImmediate();
      return { name, logs, truncated: truncated || logs.length < text.length };
    });
  },
});
