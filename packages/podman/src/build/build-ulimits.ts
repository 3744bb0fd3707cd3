import { readFileSync } from 'node:fs';

/** Both limits are this high in a RUN, or as high as the host's hard limit if that is higher: `RLimitDefaultValue` of buildah. */
const buildahLimit = 1_048_576;

/** The limits that buildah sets, by their names in proc_pid_limits(5). */
const limitNames = { nofile: 'Max open files', nproc: 'Max processes' } as const;

/** CAP_SYS_RESOURCE of capabilities(7), with which a process may exceed its hard limits. */
const capSysResource = 1n << 24n;

/** What `/proc/self` says of this process, whose limits and capabilities are those of its podman. */
interface ProcessStatus {
  readonly limits: string;
  readonly status: string;
}

/**
 * Returns the limits that `podman build` needs as `--ulimit`, such as `nofile=20000:20000`: the `default_ulimits` of containers.conf(5),
 * which buildah of podman 5.4 ignores (measured), and the hard limits of this process where buildah would ask for more. Without
 * CAP_SYS_RESOURCE, each RUN fails then with "setrlimit: Operation not permitted", where `podman run` of 5.4 keeps within the hard limit.
 */
export function selectBuildUlimits(containersConf: string | undefined, ownProcess = readOwnProcess()): readonly string[] {
  const configured = readDefaultUlimits(containersConf);
  if (hasCapSysResource(ownProcess)) return configured;
  const added = Object.entries(limitNames).flatMap(([limit, name]) => {
    const hard = Number(new RegExp(`^${name} +\\S+ +(\\d+) `, 'm').exec(ownProcess.limits)?.[1]);
    const isNeeded = hard < buildahLimit && !configured.some(ulimit => ulimit.startsWith(`${limit}=`));
    return isNeeded ? [`${limit}=${hard}:${hard}`] : [];
  });
  return [...configured, ...added];
}

function readOwnProcess(): ProcessStatus {
  return { limits: readFileSync('/proc/self/limits', 'utf8'), status: readFileSync('/proc/self/status', 'utf8') };
}

function hasCapSysResource({ status }: ProcessStatus): boolean {
  const effective = /^CapEff:\s*([\da-f]+)$/m.exec(status)?.[1] ?? '0';
  return (BigInt(`0x${effective}`) & capSysResource) !== 0n;
}

function readDefaultUlimits(containersConf: string | undefined): readonly string[] {
  if (containersConf === undefined) return [];
  const list = /^\s*default_ulimits\s*=\s*\[([^\]]*)\]/m.exec(readFileSync(containersConf, 'utf8'))?.[1] ?? '';
  return [...list.matchAll(/"([^"]+)"|'([^']+)'/g)].map(([, double, single]) => double ?? single ?? '');
}
