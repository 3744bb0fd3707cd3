import { readFileSync } from 'node:fs';
import { findProgram } from '../system/lookup.mjs';
import { SetupError } from '../system/run.mjs';
import type { PodmanSettings } from './settings.ts';

/** A fault of podman's defaults on some hosts, and settings that avoid it. */
interface Remedy {
  /** Matches podman's error. */
  readonly pattern: RegExp;
  /** The cause, as shown to the user. */
  readonly reason: string;
  /** Returns the settings with the remedy added; unchanged if it has been tried already. */
  apply(settings: PodmanSettings, fault: string): PodmanSettings;
}

const runtimes = ['crun', 'runc'];

export const remedies: readonly Remedy[] = [
  {
    pattern:
      /cgroups? in hybrid mode not supported|cgroup.?v1 (?:is )?not supported|cgroups v2.*not supported|default OCI runtime .* not found/i,
    reason: 'the default runtime does not work with the cgroups of this host',
    apply(settings, fault) {
      const next = runtimes.find(name => !fault.includes(name));
      if (next === undefined || settings.runtime !== undefined) return settings;
      if (findProgram(next) === undefined) {
        throw new SetupError(`a container does not run: ${fault}`, `Install ${next}, then run the same command again.`);
      }
      return { ...settings, runtime: next };
    },
  },
  {
    pattern: /RLIMIT_NOFILE|rlimit type 7\b/,
    reason: "podman's default limit of open files is higher than this host allows",
    apply: settings => withLimit(settings, 'nofile', readHardLimit('Max open files')),
  },
  {
    pattern: /RLIMIT_NPROC|rlimit type 6\b/,
    reason: "podman's default limit of processes is higher than this host allows",
    apply: settings => withLimit(settings, 'nproc', Math.min(4096, readHardLimit('Max processes'))),
  },
  {
    pattern: /sd-bus|dbus|systemd cgroup|org\.freedesktop\.systemd1/i,
    reason: 'podman asks systemd for cgroups, and systemd does not run here',
    apply: settings => ({ ...settings, cgroup_manager: 'cgroupfs' }),
  },
];

function withLimit(settings: PodmanSettings, name: string, limit: number): PodmanSettings {
  return { ...settings, ulimits: { ...settings.ulimits, [name]: `${limit}:${limit}` } };
}

/** Returns a hard limit of this process, which its children cannot raise without CAP_SYS_RESOURCE, setrlimit(2). */
function readHardLimit(name: string): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const limit = Number(new RegExp(`^${name} +\\S+ +(\\S+)`, 'm').exec(limits)?.[1]);
  return Number.isInteger(limit) ? limit : 1024;
}
