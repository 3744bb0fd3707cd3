import type { ContainerResources, TaskContext } from '../operation.ts';
import { jobLabel, tokenLabel } from './service-labels.ts';

/** Resources of a container that count against the quotas of a token, as recorded in its label. */
export interface ContainerAllocation {
  /** The id of the job that created it. */
  readonly job: string;
  /** The name of the token. */
  readonly token: string;
  /** Bytes; 0 if it has no limit. */
  readonly memory: number;
  /** 0 if it has no limit. */
  readonly cpus: number;
}

/** Returns the allocation of a new container; `undefined` if no tokens are used. */
export function allocationOf(
  { job, token }: Pick<TaskContext, 'job' | 'token'>,
  { memory = 0, cpus = 0 }: ContainerResources,
): ContainerAllocation | undefined {
  return token === null ? undefined : { job, token, memory, cpus };
}

/**
 * Returns the label that names the token whose quotas a new container counts against, so that the node's workers know it even
 * if Redis loses its data: `<token> <memory> <cpus> <job>`.
 */
export function allocationLabels(
  context: Pick<TaskContext, 'job' | 'token'>,
  resources: ContainerResources,
): Readonly<Record<string, string>> {
  const allocation = allocationOf(context, resources);
  if (!allocation) return {};
  const { token, memory, cpus, job } = allocation;
  return { [tokenLabel]: `${token} ${memory} ${cpus} ${job}` };
}

/** Returns podman's flags for `allocationLabels`. */
export function allocationArguments(context: Pick<TaskContext, 'job' | 'token'>, resources: ContainerResources): string[] {
  return Object.entries(allocationLabels(context, resources)).map(([name, value]) => `--label=${name}=${value}`);
}

/**
 * Reads the allocation of a container from its labels.
 * @returns `undefined` if it has none of its own: an image that was committed from a container has the labels of that
 */
export function readAllocation(labels: Readonly<Record<string, string>>): ContainerAllocation | undefined {
  const [token = '', memory, cpus, job] = (labels[tokenLabel] ?? '').split(' ');
  const resources = [Number(memory), Number(cpus)];
  const isOwn = job !== undefined && job === labels[jobLabel] && resources.every(amount => amount >= 0);
  return isOwn ? { job, token, memory: Number(memory), cpus: Number(cpus) } : undefined;
}
