import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, watch } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `npm run dev [-- folder…]`: runs the service, and restarts it when a file below one of the folders changes. */

const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = fileURLToPath(new URL('main.ts', import.meta.url));
/** Time without a change after which the service restarts: editors write a file in several steps, git writes many files. */
const debounceMs = 200;

let child: ChildProcess | undefined;
let isStopping = false;
let isRestarting = false;
let timer: NodeJS.Timeout | undefined;

const folders = process.argv.slice(2);
for (const folder of folders.length > 0 ? folders : globSync('{apps,packages}/*/src', { cwd: root }).map(path => root + path)) {
  watch(folder, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(restart, debounceMs);
  });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isStopping = true;
    // The service ignores duplicates of a signal, and exits at once on a later one.
    if (child) child.kill(signal);
    else process.exit(0);
  });
}
start();

/**
 * Starts the service in a separate process group, which Ctrl-C in the terminal does not reach, and with an IPC
 * channel, whose end makes it exit when this process dies.
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
      print('The service has exited; it starts again when a file changes.');
    }
  });
}

function restart(): void {
  if (isStopping || isRestarting) return;
  print('A file has changed; restarting.');
  if (child) {
    isRestarting = true;
    child.kill('SIGTERM');
  } else {
    start();
  }
}

function print(text: string): void {
  process.stdout.write(`dev: ${text}\n`);
}
