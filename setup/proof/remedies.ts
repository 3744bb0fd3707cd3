import { readFileSync } from 'node:fs';
import { install } from '../install.ts';
import { has } from '../run.ts';
import type { Settings } from './settings.ts';

/** A fault of podman's defaults on some hosts, told by podman's words, and settings that go around it. */
interface Remedy {
  readonly words: RegExp;
  /** What is the matter, for the person who reads along. */
  readonly why: string;
  /** The settings with the remedy added; the same ones where it has been tried already. */
  apply(settings: Settings, words: string): Settings;
}

const runtimes = ['crun', 'runc'];

export const remedies: readonly Remedy[] = [
  {
    words:
      /cgroups? in hybrid mode not supported|cgroup.?v1 (?:is )?not supported|cgroups v2.*not supported|default OCI runtime .* not found/i,
    why: 'the default runtime does not work with the cgroups of this host',
    apply(settings, words) {
      const next = runtimes.find(name => !words.includes(name));
      if (next === undefined || settings.runtime !== undefined) return settings;
      if (!has(next)) install([next]);
      return { ...settings, runtime: next };
    },
  },
  {
    words: /RLIMIT_NOFILE|rlimit type 7\b/,
    why: "podman's limit of open files is above the one this host allows",
    apply: settings => withLimit(settings, 'nofile', hardLimit('Max open files')),
  },
  {
    words: /RLIMIT_NPROC|rlimit type 6\b/,
    why: "podman's limit of processes is above the one this host allows",
    apply: settings => withLimit(settings, 'nproc', Math.min(4096, hardLimit('Max processes'))),
  },
  {
    words: /sd-bus|dbus|systemd cgroup|org\.freedesktop\.systemd1/i,
    why: 'there is no systemd that podman could ask for cgroups',
    apply: settings => ({ ...settings, cgroup_manager: 'cgroupfs' }),
  },
];

function withLimit(settings: Settings, name: string, limit: number): Settings {
  return { ...settings, ulimits: { ...settings.ulimits, [name]: `${limit}:${limit}` } };
}

/** The hard limit of this process, which nothing below it can raise without CAP_SYS_RESOURCE (setrlimit(2)). */
function hardLimit(name: string): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const limit = Number(new RegExp(`^${name} +\\S+ +(\\S+)`, 'm').exec(limits)?.[1]);
  return Number.isInteger(limit) ? limit : 1024;
}
