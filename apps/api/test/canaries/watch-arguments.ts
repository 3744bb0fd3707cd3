import { readdirSync, readFileSync } from 'node:fs';

/*
 * A process of its own that looks at every process's arguments, again and again, and prints where it finds one of the
 * texts in WATCHED (parted by commas), each place once.
 */

const watched = (process.env['WATCHED'] ?? '').split(',').filter(text => text !== '');
const told = new Set<string>();

function look(): void {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const line = read(`/proc/${pid}/cmdline`);
    for (const text of watched) {
      if (!line.includes(text) || told.has(text + pid)) continue;
      told.add(text + pid);
      process.stdout.write(`found ${text} in ${pid}: ${line.replaceAll('\0', ' ').slice(0, 500)}\n`);
    }
  }
  setImmediate(look);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

look();
