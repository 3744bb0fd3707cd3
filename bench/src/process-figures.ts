import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Clock ticks a second on Linux, sysconf(3): CPU times in /proc are in these. */
const ticks = 100;

/** How much CPU a process has used, in ms; proc_pid_stat(5), fields 14 and 15. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
}

/** How much memory a process has, in MiB; proc_pid_status(5). */
export function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** How many connections a process has to a port of this machine; proc_pid_net(5). */
export function connectionsOf(pid: number, port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').trim().split('\n').slice(1);
  const columns = lines.map(line => line.trim().split(/\s+/));
  const inodes = new Set(columns.filter(([, , remote = '']) => remote.endsWith(`:${hex}`)).map(([, , , , , , , , , inode]) => inode));
  return readdirSync(`/proc/${pid}/fd`).filter(fd => inodes.has(/^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1])).length;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed since.
    return '';
  }
}
