import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, watch } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `npm run dev [-- folder…]`: runs the service, and restarts it when a file below one of the folders changes. */

const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = fileURLToPath(new URL('main.ts', import.meta.url));
/** Editors write a file in several steps, and git many files at once: restarts after no change for this long. */
const quietMs = 200;

let child: ChildProcess | undefined;
let isStopping = false;
let isRestarting = false;
let timer: NodeJS.Timeout | undefined;

const folders = process.argv.slice(2);
for (const folder of folders.length > 0 ? folders : globSync('{apps,packages}/*/src', { cwd: root }).map(path => root + path)) {
  watch(folder, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(restart, quietMs);
  });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isStopping = true;
    // The service itself ignores copies, and exits at once on a later signal.
    if (child) child.kill(signal);
    else process.exit(0);
  });
}
start();

/**
 * Starts the service in a process group of its own, which Ctrl-C in the terminal does not reach, and with a channel, by
 * which it notices the death of this process.
 */
function start(): void {
  const started = spawn(process.execPath, [main], { detached: true, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  child = started;
  started.once('exit', code => {
    child = undefined;
    if (isStopping) process.exit(code ?? 1);
    if (isRestarting) {
      isRestarting = false;
      start();
    } else {
      say('The service has exited; it starts again when a file changes.');
    }
  });
}

function restart(): void {
  if (isStopping || isRestarting) return;
  say('A file has changed; restarting.');
  if (child) {
    isRestarting = true;
    child.kill('SIGTERM');
  } else {
    start();
  }
}

function say(text: string): void {
  process.stdout.write(`dev: ${text}\n`);
}
