import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Resources that all processes of a container have used; `null` for a figure that could not be read. */
export interface ResourceUsage {
  /** CPU time, user and system. */
  readonly cpuMs: number | null;
  /** Peak memory, with the page cache that counts towards the memory limit. */
  readonly maxMemoryBytes: number | null;
  /** Processes that the kernel killed because the container had reached its memory limit. */
  readonly oomKills: number | null;
}

/** Reads the usage of a container repeatedly until it is stopped. */
export interface UsageMeter {
  /** Stops reading. @returns the last figures */
  stop(): ResourceUsage;
}

/**
 * Interval between two readings. Once its last process has ended, a cgroup stays until podman's clean-up removes it, which takes
 * at least as long as a podman process needs to start (30 ms, measured); so the last reading has the final figures.
 */
const readIntervalMs = 20;

const cgroupRoot = '/sys/fs/cgroup';

/** A figure in a file of a cgroup. */
interface UsageSource {
  readonly field: keyof ResourceUsage;
  readonly file: string;
  readonly pattern: RegExp;
  /** Divisor of the number in the file. */
  readonly divisor: number;
}

/** https://www.kernel.org/doc/Documentation/cgroup-v1/{cpuacct,memory}.txt: nanoseconds and bytes. */
const sourcesV1 = [
  { field: 'cpuMs', controller: 'cpuacct', file: 'cpuacct.usage', pattern: /^(\d+)/, divisor: 1e6 },
  { field: 'maxMemoryBytes', controller: 'memory', file: 'memory.max_usage_in_bytes', pattern: /^(\d+)/, divisor: 1 },
  { field: 'oomKills', controller: 'memory', file: 'memory.oom_control', pattern: /^oom_kill (\d+)/m, divisor: 1 },
] as const satisfies readonly (UsageSource & { readonly controller: string })[];

/** https://docs.kernel.org/admin-guide/cgroup-v2.html: microseconds and bytes; `memory.peak` exists from Linux 5.19 on. */
const sourcesV2 = [
  { field: 'cpuMs', file: 'cpu.stat', pattern: /^usage_usec (\d+)/m, divisor: 1e3 },
  { field: 'maxMemoryBytes', file: 'memory.peak', pattern: /^(\d+)/, divisor: 1 },
  { field: 'oomKills', file: 'memory.events', pattern: /^oom_kill (\d+)/m, divisor: 1 },
] as const satisfies readonly UsageSource[];

/**
 * Starts to read the usage of a container from its cgroup, version 1 or 2.
 * @param containerId the full id
 * @param pid the container's first process on this host
 */
export function startUsageMeter(containerId: string, pid: number): UsageMeter {
  const usage: { -readonly [Field in keyof ResourceUsage]: ResourceUsage[Field] } = { cpuMs: null, maxMemoryBytes: null, oomKills: null };
  const open = findSources(readOrEmpty(`/proc/${pid}/cgroup`), containerId).flatMap(source => openSource(source));
  const buffer = Buffer.allocUnsafe(4096);
  // Synchronous: the kernel answers from memory in microseconds, and a reading must not wait for the thread pool.
  const read = () => {
    for (const { descriptor, field, pattern, divisor } of open) {
      const figure = readUsageValue(descriptor, buffer, pattern);
      if (figure !== undefined) usage[field] = Math.round(figure / divisor);
    }
  };
  read();
  const timer = setInterval(read, readIntervalMs);
  return {
    stop() {
      clearInterval(timer);
      read();
      for (const { descriptor } of open.splice(0)) closeSync(descriptor);
      return { ...usage };
    },
  };
}

/**
 * Returns the files that hold the figures of a container.
 * @param cgroups the text of `/proc/<pid>/cgroup`, cgroups(7)
 */
export function findSources(cgroups: string, containerId: string): UsageSource[] {
  const entries = cgroups.split('\n').flatMap(line => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const own = path === undefined ? undefined : containerPath(path, containerId);
    return controllers === undefined || own === undefined ? [] : [{ controllers: controllers.split(','), path: own }];
  });
  const findController = (name: string) => entries.find(({ controllers }) => controllers.includes(name));
  if (findController('memory') || findController('cpuacct')) {
    return sourcesV1.flatMap(({ controller, ...source }) => {
      const path = findController(controller)?.path;
      return path === undefined ? [] : [{ ...source, file: join(cgroupRoot, controller, path, source.file) }];
    });
  }
  const path = findController('')?.path;
  return path === undefined ? [] : sourcesV2.map(source => ({ ...source, file: join(cgroupRoot, path, source.file) }));
}

/** Returns the cgroup of the container: crun puts its processes into one below it. */
function containerPath(path: string, containerId: string): string | undefined {
  const parts = path.split('/');
  const at = parts.findIndex(part => part.includes(containerId));
  return at < 0 ? undefined : parts.slice(0, at + 1).join('/');
}

function openSource(source: UsageSource): (UsageSource & { readonly descriptor: number })[] {
  try {
    return [{ ...source, descriptor: openSync(source.file, 'r') }];
  } catch {
    // The host has no such controller, or the worker may not read it.
    return [];
  }
}

/** Reads a figure; `undefined` if the cgroup is gone (ENODEV). */
function readUsageValue(descriptor: number, buffer: Buffer, pattern: RegExp): number | undefined {
  try {
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    const digits = pattern.exec(buffer.toString('latin1', 0, length))?.[1];
    return digits === undefined ? undefined : Number(digits);
  } catch {
    return undefined;
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
