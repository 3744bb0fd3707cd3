import { ApiError } from '@podman-api/errors';
import { defineContainerOperation } from '../define-container-operation.ts';
import { followStats } from './follow.ts';
import { type StatsInput, statsInput } from './input.ts';
import { type ContainerStats, containerStats, notRunningMessage, parseStats, sampleArguments } from './sample.ts';

const exampleStats: ContainerStats = {
  id: '1f0c2a9b7d3e',
  name: 'web',
  read_at: '2026-01-05T09:30:02.000Z',
  cpu_percent: 3.77,
  cpu_ms: 5120,
  memory: 7_340_032,
  memory_limit: 536_870_912,
  network_input: 12_345,
  network_output: 67_890,
  block_input: 0,
  block_output: 4096,
  pids: 3,
};

/** Returns the current resource usage of a container. */
export const stats = defineContainerOperation<StatsInput, ContainerStats>({
  name: 'container.stats',
  method: 'GET',
  path: '/containers/:name/stats',
  scope: 'containers:read',
  query: ['stream'],
  input: statsInput,
  stream: {
    flag: 'stream',
    operation: followStats,
    hasText: false,
    description:
      "With `stream=true`, events: `stats` with the figures every second, where `cpu_percent` is the average since the previous event; `exit` with the container's `exit_code` (null if none was observed) when the container stops, which ends the stream; `ping` at the beginning and after ten seconds without an event; `error` at the end of a stream that fails. A reader that is slow misses figures in between. Without `stream=true`, JSON.",
    example: [
      { id: '', event: 'stats', data: { stats: exampleStats } },
      { id: '', event: 'exit', data: { exit_code: 0 } },
    ],
  },
  lane: 'reads',
  isRepeatable: true,
  noun: 'stats',
  summary: 'Returns the resource usage of a container: CPU, memory, network and disk',
  description: '409 if the container is not running. `stream=true` streams events instead, until the container stops.',
  results: { 200: containerStats },
  example: { input: { name: 'web' }, result: exampleStats },
  async run(podman, { name }, { signal }) {
    const text = await podman.run(sampleArguments(name), { signal });
    const sample = parseStats(text);
    if (!sample) throw new ApiError('ConflictError', notRunningMessage);
    return sample;
  },
});
