import { findSettingsFiles, readSettingsFile } from '@podman-api/podman';
import { stringify, type TomlTable } from 'smol-toml';

/** Podman's settings that the set-up may change for this project's podman processes. */
export interface PodmanSettings {
  readonly runtime?: string;
  readonly cgroup_manager?: string;
  /** Limits of processes in containers, by their name in containers.conf(5). */
  readonly ulimits?: Readonly<Record<string, string>>;
}

/**
 * Formats a `containers.conf` with the host's own settings and these on top. The host's are included because a file that
 * `CONTAINERS_CONF` names replaces all others: without Debian's file, containers would get capabilities from podman's
 * built-in defaults that Debian takes from them.
 */
export function formatSettings(settings: PodmanSettings, reasons: readonly string[]): string {
  const { ulimits, ...engine } = settings;
  const own: TomlTable = {
    ...(ulimits && { containers: { default_ulimits: Object.entries(ulimits).map(([name, limit]) => `${name}=${limit}`) } }),
    engine,
  };
  const merged = [...findSettingsFiles(process.env).map(readSettingsFile), own].reduce(merge, {});
  const head = [
    "# Written by podman-api's set-up for its own podman processes; rewritten when something changes.",
    ...reasons.map(reason => `# ${reason}`),
  ];
  return `${head.join('\n')}\n\n${stringify(merged)}\n`;
}

function merge(base: TomlTable, overrides: TomlTable | undefined): TomlTable {
  const merged: TomlTable = { ...base };
  for (const [name, value] of Object.entries(overrides ?? {})) {
    const current = merged[name];
    merged[name] = isTable(current) && isTable(value) ? merge(current, value) : value;
  }
  return merged;
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
