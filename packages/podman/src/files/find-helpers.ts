import { readdir, readFile } from 'node:fs/promises';
import { isInOwnPidNamespace } from '../signals/host-processes.ts';
import { helperComm } from './protocol.ts';

/** Returns the helper processes of this host that have a marker in their title, see `helperTitle`. */
export async function findHelpers(marker: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter(entry => /^\d+$/.test(entry)).map(Number);
  const found: number[] = [];
  for (const pid of pids) if ((await hasMarker(pid, marker)) && (await isInOwnPidNamespace(pid))) found.push(pid);
  return found;
}

async function hasMarker(pid: number, marker: string): Promise<boolean> {
  if ((await read(pid, 'comm')) !== `${helperComm}\n`) return false;
  const [title = ''] = (await read(pid, 'cmdline')).split('\0');
  return title.split(' ').includes(marker);
}

/** @returns an empty text for a process that has ended */
function read(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
}
