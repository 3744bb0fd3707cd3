import type { ContainerResources } from '../../operation.ts';
import { UnreadableValue } from '../../schemas/readable-by.ts';

/** Returns the resources of a container with these limits that count against the quotas of a token. */
export function resourcesOf({ memory, cpus }: { memory?: string | number; cpus?: string | number }): ContainerResources {
  return { memory: memory === undefined ? undefined : memoryBytes(memory), cpus: cpus === undefined ? undefined : parseCpus(cpus) };
}

const factors: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/**
 * Reads an amount of memory as podman and Docker write it: `512m`, `512M`, `512MB`, `512MiB` and `0.5g` are the same.
 * @returns bytes
 * @throws UnreadableValue
 */
export function memoryBytes(value: string | number): number {
  if (typeof value === 'number') return value;
  const [, number = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,9})?) ?([kmgt]?)(?:i?b)?$/i.exec(value) ?? [];
  const bytes = Math.floor(Number(number) * (factors[unit.toLowerCase()] ?? 0));
  if (bytes >= 1 && Number.isSafeInteger(bytes)) return bytes;
  throw new UnreadableValue('write a number of bytes of at least 1, or a number with k, m, g or t, such as "512m" or "1.5g"');
}

/**
 * Reads a number of CPUs.
 * @throws UnreadableValue
 */
export function parseCpus(value: string | number): number {
  const cpus = typeof value === 'number' ? value : Number(/^\d{0,6}(?:\.\d{1,9})?$/.test(value) ? value : Number.NaN);
  if (cpus >= 0.01 && cpus <= 100_000) return cpus;
  throw new UnreadableValue('write a number from 0.01 to 100000, such as 0.5 or "0.5"');
}
