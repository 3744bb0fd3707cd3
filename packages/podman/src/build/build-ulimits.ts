import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Both limits are this high in a RUN, or as high as the host's hard limit if that is higher: `RLimitDefaultValue` of buildah. */
const buildahLimit = 1_048_576;

/** The limits that buildah sets, by their names in proc_pid_limits(5). */
const limitNames = { nofile: 'Max open files', nproc: 'Max processes' } as const;

/** CAP_SYS_RESOURCE of capabilities(7), with which a process may exceed its hard limits. */
const capSysResource = 1n << 24n;

/** The limits of this process and of the host, as in `/proc`. Podman has them too. */
interface HostLimits {
  /** `/proc/self/limits` */
  readonly limits: string;
  /** `/proc/self/status`, which has the capabilities. */
  readonly status: string;
  /** `/proc/sys/kernel/pid_max` */
  readonly pidMax: string;
}

/**
 * Returns the limits that `podman build` needs as `--ulimit`, such as `nofile=20000:20000`: the `default_ulimits` of containers.conf(5),
 * which buildah of podman 5.4 ignores (measured), and the hard limits of this process where buildah would ask for more. Without
 * CAP_SYS_RESOURCE, each RUN fails then with "setrlimit: Operation not permitted", where `podman run` of 5.4 keeps within the hard limit.
 * @param settingsFiles files that may exist; the first with the setting counts
 */
export function selectBuildUlimits(settingsFiles: readonly string[], host = readHostLimits()): readonly string[] {
  const configured = settingsFiles.map(readDefaultUlimits).find(ulimits => ulimits !== undefined) ?? [];
  if (hasCapSysResource(host)) return configured;
  const added = Object.entries(limitNames).flatMap(([limit, name]) => {
    const hard = Number(new RegExp(`^${name} +\\S+ +(\\d+) `, 'm').exec(host.limits)?.[1]);
    const isNeeded = hard < buildahLimit && !configured.some(ulimit => ulimit.startsWith(`${limit}=`));
    // Podman 4.3 lowers its own limit of processes to the greatest process id.
    const value = limit === 'nproc' ? Math.min(hard, Number(host.pidMax)) : hard;
    return isNeeded ? [`${limit}=${value}:${value}`] : [];
  });
  return [...configured, ...added];
}

function readHostLimits(): HostLimits {
  const [limits = '', status = '', pidMax = ''] = ['self/limits', 'self/status', 'sys/kernel/pid_max'].map(file =>
    readFileSync(`/proc/${file}`, 'utf8'),
  );
  return { limits, status, pidMax };
}

function hasCapSysResource({ status }: HostLimits): boolean {
  const effective = /^CapEff:\s*([\da-f]+)$/m.exec(status)?.[1] ?? '0';
  return (BigInt(`0x${effective}`) & capSysResource) !== 0n;
}

function readDefaultUlimits(settingsFile: string): readonly string[] | undefined {
  if (!existsSync(settingsFile)) return undefined;
  const list = /^\s*default_ulimits\s*=\s*\[([^\]]*)\]/m.exec(readFileSync(settingsFile, 'utf8'))?.[1];
  return list === undefined ? undefined : [...list.matchAll(/"([^"]+)"|'([^']+)'/g)].map(([, double, single]) => double ?? single ?? '');
}

/**
 * Returns the settings files that podman reads, the most important first (containers.conf(5), without `containers.conf.d`).
 * @param containersConf the file of the set-up, which replaces all others, like the variable CONTAINERS_CONF
 */
export function listSettingsFiles(containersConf: string | undefined, env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const only = containersConf ?? env['CONTAINERS_CONF'];
  if (only !== undefined) return [only];
  const userFolder = env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  return [userFolder, '/etc', '/usr/share'].map(folder => join(folder, 'containers/containers.conf'));
}
