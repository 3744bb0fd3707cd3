import { readdirSync, readFileSync } from 'node:fs';
import { testMarkText } from './mark.ts';
import { testPodman } from './podman.ts';
import { testFolder } from './storage.ts';

/** After all tests: nothing that they made or started may be left. */
export function setup() {
  return async () => {
    const podman = testPodman();
    const containers = await podman.run(['ps', '--all', '--format=container {{.Names}}']);
    const volumes = await podman.run(['volume', 'ls', '--format=volume {{.Name}}']);
    const left = [...lines(containers), ...lines(volumes), ...leftProcesses()];
    if (left.length > 0) throw new Error(`tests left behind:\n${left.join('\n')}`);
  };
}

function lines(text: string): string[] {
  return text.split('\n').filter(line => line !== '');
}

function leftProcesses(): string[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(pid => (read(`/proc/${pid}/environ`).includes(testMarkText) && !isPause(pid)) || isConmonOfTests(pid))
    .map(pid => `${pid}: ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
}

/** Holds an ordinary user's namespaces for all of their podmans, whoever began with it, podman-system-migrate(1). */
function isPause(pid: string): boolean {
  return process.getuid?.() !== 0 && read(`/proc/${pid}/cmdline`).startsWith('catatonit\0-P\0');
}

/** Podman gives conmon an environment of its own. */
function isConmonOfTests(pid: string): boolean {
  const command = read(`/proc/${pid}/cmdline`);
  return command.includes('conmon') && command.includes(testFolder);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
