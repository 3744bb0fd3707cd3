import { ApiError } from '@podman-api/errors';
import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { type ContainerStats, containerStats, parseStats, statsFormat } from './sample.ts';

interface StatsInput {
  readonly name: string;
}

const notRunning = 'The container is not running: start it first.';

/** Returns what a container uses now. */
export const stats = defineContainerOperation<StatsInput, ContainerStats>({
  name: 'container.stats',
  method: 'GET',
  path: '/containers/:name/stats',
  scope: 'containers:read',
  input: Joi.object<StatsInput>({ name: containerName().required() }),
  lane: 'reads',
  repeatable: true,
  noun: 'stats',
  summary: 'Returns what a container uses: CPU, memory, network and disk',
  description: '409 if the container is not running.',
  results: { 200: containerStats },
  example: {
    input: { name: 'web' },
    result: {
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
    },
  },
  async run(podman, { name }, { signal }) {
    const text = await podman.run(['stats', '--no-stream', '--no-reset', statsFormat, '--', name], { signal });
    const sample = parseStats(text);
    if (!sample) throw new ApiError('ConflictError', notRunning);
    return sample;
  },
});
