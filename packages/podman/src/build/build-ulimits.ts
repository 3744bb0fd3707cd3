import { readFileSync } from 'node:fs';
import { findSettingsFiles, readSettingsFile } from '../settings-files.ts';

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
 * @param env environment of podman: its CONTAINERS_CONF replaces all other settings files
 */
export function selectBuildUlimits(env: NodeJS.ProcessEnv, host = readHostLimits()): readonly string[] {
  const settingsFile = env['CONTAINERS_CONF'];
  const configured = readDefaultUlimits(settingsFile ? [settingsFile] : findSettingsFiles(env));
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

/** Returns the `default_ulimits` of the last file that has them. Older podmans do not know lists that append to those of files before. */
function readDefaultUlimits(settingsFiles: readonly string[]): readonly string[] {
  const lists = settingsFiles.map(file => Object(readSettingsFile(file)?.['containers'])['default_ulimits']).filter(Array.isArray);
  return (lists.at(-1) ?? []).filter((ulimit: unknown) => typeof ulimit === 'string');
}
