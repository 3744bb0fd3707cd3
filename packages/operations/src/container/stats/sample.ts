import Joi from 'joi';
import { anyText, count, instant, shape, shortIdText } from '../../schemas/shape.ts';
import { shortId } from '../../short-id.ts';

/** Resource usage of a container at one time, as in the response. */
export interface ContainerStats {
  readonly id: string;
  readonly name: string;
  readonly read_at: string;
  /** Percentage of one CPU. */
  readonly cpu_percent: number;
  readonly cpu_ms: number;
  /** Bytes, as all below but `pids`. */
  readonly memory: number;
  readonly memory_limit: number;
  readonly network_input: number;
  readonly network_output: number;
  readonly block_input: number;
  readonly block_output: number;
  readonly pids: number;
}

/** Schema of `ContainerStats`. */
export const containerStats = shape<ContainerStats>('ContainerStats', {
  id: shortIdText(),
  name: anyText(),
  read_at: instant(),
  cpu_percent: Joi.number()
    .min(0)
    .description(
      'CPU usage in percent of one CPU: 150 is one and a half CPUs. The average since the container started; in a stream, since the previous event.',
    ),
  cpu_ms: count().description('CPU time since the container started, in ms.'),
  memory: count().description('Bytes in use.'),
  memory_limit: count().description("Bytes; the host's memory if the container has no limit."),
  network_input: count().description('Bytes received.'),
  network_output: count().description('Bytes sent.'),
  block_input: count().description('Bytes read from block devices.'),
  block_output: count().description('Bytes written to block devices.'),
  pids: count().description('Processes and threads.'),
});

/** Message of the 409 for a container of which there are no figures. */
export const notRunningMessage = 'The container is not running: start it first.';

/** Go template for a container as one line of JSON; other formats are rounded for people (podman-stats(1)). */
export const statsFormat = '--format={{json .ContainerStats}}';

/** Returns the arguments of podman for one sample, whose output `parseStats` parses. */
export function sampleArguments(container: string): readonly string[] {
  return ['stats', '--no-stream', '--no-reset', statsFormat, '--', container];
}

/** Output of podman: the fields that are used. */
interface StatsEntry {
  readonly ContainerID: string;
  readonly Name: string;
  readonly CPU: number;
  readonly CPUNano: number;
  readonly MemUsage: number;
  readonly MemLimit: number;
  /** Podman 4; podman 5 has `Network` instead. */
  readonly NetInput?: number;
  readonly NetOutput?: number;
  readonly Network?: Readonly<Record<string, { readonly RxBytes: number; readonly TxBytes: number }>> | null;
  readonly BlockInput: number;
  readonly BlockOutput: number;
  readonly PIDs: number;
}

/** Parses a line of podman's. @returns `undefined` for a container that does not run, of which podman prints zeros */
export function parseStats(line: string): ContainerStats | undefined {
  const entry: StatsEntry = JSON.parse(line);
  if (entry.PIDs === 0) return undefined;
  const networks = Object.values(entry.Network ?? {});
  return {
    id: shortId(entry.ContainerID),
    name: entry.Name,
    read_at: new Date().toISOString(),
    cpu_percent: Math.round(entry.CPU * 100) / 100,
    cpu_ms: Math.round(entry.CPUNano / 1e6),
    memory: entry.MemUsage,
    memory_limit: entry.MemLimit,
    network_input: entry.NetInput ?? networks.reduce((sum, { RxBytes }) => sum + RxBytes, 0),
    network_output: entry.NetOutput ?? networks.reduce((sum, { TxBytes }) => sum + TxBytes, 0),
    block_input: entry.BlockInput,
    block_output: entry.BlockOutput,
    pids: entry.PIDs,
  };
}
