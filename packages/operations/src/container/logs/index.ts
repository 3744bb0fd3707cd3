import { setImmediate } from 'node:timers/promises';
import Joi from 'joi';
import pLimit from 'p-limit';
import { containerName } from '../../schemas/names.ts';
import { anyText, shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { followLogs } from './follow.ts';
import { type LogsInput, logsHeaders, logsInput, rangeOf } from './input.ts';
import { limitJson } from './limit-json.ts';

interface ContainerLogs {
  readonly name: string;
  readonly logs: string;
  /** Whether the log is longer: the beginning of the last lines is missing, or the end of `all`. */
  readonly truncated: boolean;
}

/**
 * Longest log in a response, before and after it is turned into JSON. A response of 16 MiB blocked the API's event loop for 149 to 179 ms,
 * one of 8 MiB for 65 to 83 (hostile-container.long.test.ts).
 */
const maxLogBytes = 8 * 1024 ** 2;

/** Maximum number of logs that are read at the same time. One of 16 MiB took about 130 MiB of the worker's memory until it was JSON. */
const readLimit = pLimit(2);

/** Returns the last lines of a container's log, stdout and stderr in order. */
export const logs = defineContainerOperation<LogsInput, ContainerLogs>({
  name: 'container.logs',
  method: 'GET',
  path: '/containers/:name/logs',
  scope: 'containers:read',
  query: ['tail', 'since', 'until', 'timestamps', 'follow'],
  headers: logsHeaders,
  input: logsInput,
  stream: {
    flag: 'follow',
    operation: followLogs,
    hasText: true,
    description:
      "With `follow=true`, events: `stdout` and `stderr` with a `text`; `gap` where lines may be missing because podman has replaced the log file; `exit` with the container's `exit_code` (null if none was observed) when the container stops, which ends the stream; `ping` at the beginning and after ten seconds without an event; `error` at the end of a stream that fails. Without `follow=true`, JSON.",
    example: [
      { id: '1767605400000000000-1', event: 'stdout', data: { text: 'listening on port 80\n' } },
      { id: '1767605400000000000-1', event: 'exit', data: { exit_code: 0 } },
    ],
  },
  lane: 'reads',
  isRepeatable: true,
  noun: 'container',
  summary: 'Returns the last lines of the log of a container',
  description:
    'stdout and stderr in order, at most 8 MiB; `truncated` says whether there is more. `follow=true` streams the log as events instead, until the container stops; the `Accept` header chooses their format.',
  results: {
    200: shape<ContainerLogs>('ContainerLogs', { name: containerName(), logs: anyText(), truncated: Joi.boolean() }),
  },
  example: { input: { name: 'web', tail: '100' }, result: { name: 'web', logs: 'listening on port 80\n', truncated: false } },
  async run(podman, input, { signal }) {
    const { name, tail, timestamps = false } = input;
    const query = { ...rangeOf(input), timestamps };
    return readLimit(async () => {
      const { bytes, truncated } = await podman.logs(name, query, maxLogBytes, { signal });
      // Each step took up to 100 ms for 16 MiB, so other work of the worker runs in between.
      await setImmediate();
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
      await setImmediate();
      const logs = limitJson(text, maxLogBytes, tail === 'all' ? 'start' : 'end');
      await setImmediate();
      return { name, logs, truncated: truncated || logs.length < text.length };
    });
  },
});
