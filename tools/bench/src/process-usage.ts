import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Clock ticks per second on Linux, sysconf(3); the unit of CPU times in /proc. */
const ticksPerSecond = 100;

/** Returns the CPU time that a process has used, in ms; proc_pid_stat(5), fields 14 and 15. */
export function cpuTimeMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** Returns the resident memory of a process in MiB; proc_pid_status(5). */
export function residentMib(pid: number): number {
  return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Returns the number of connections of a process to a port of this machine; proc_pid_net(5). */
export function countConnections(pid: number, port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').trim().split('\n').slice(1);
  const columns = lines.map(line => line.trim().split(/\s+/));
  const inodes = new Set(columns.filter(([, , remote = '']) => remote.endsWith(`:${hex}`)).map(([, , , , , , , , , inode]) => inode));
  return readdirSync(`/proc/${pid}/fd`).filter(fd => inodes.has(/^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${fd}`))?.[1])).length;
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // The file descriptor was closed meanwhile.
    return '';
  }
}
