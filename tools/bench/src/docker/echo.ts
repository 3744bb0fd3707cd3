import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { LatencyMeter } from '../latency-meter.ts';

/** Time between two keys: that of a fast typist. */
const keyIntervalMs = 60;
const timeoutMs = 30_000;

/** A terminal in which `docker run --rm -it` runs a shell. */
export interface EchoTarget {
  /** Path of Docker's command line. */
  readonly docker: string;
  /** Path of a socket that speaks Docker's API. */
  readonly socket: string;
  readonly image: string;
  /** Home folder of the command, for its settings. */
  readonly home: string;
}

/** Types keys into a shell, one after the other, and measures how long each takes to be shown. @throws Error if one is not shown */
export async function measureEcho({ docker, socket, image, home }: EchoTarget, keys: number, meter: LatencyMeter): Promise<void> {
  const line = `${docker} run --rm -it ${image} sh`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
    env: { ...process.env, HOME: home, DOCKER_HOST: `unix://${socket}`, SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const timeout = AbortSignal.timeout(timeoutMs);
  timeout.addEventListener('abort', () => child.kill('SIGKILL'));
  let shown = '';
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    wake();
  });
  child.once('exit', wake);
  const waitUntilShown = async (text: string, from: number) => {
    while (!shown.includes(text, from)) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the terminal does not show "${text}": ${shown}`);
      await new Promise<void>(resolve => waiting.add(resolve));
    }
  };
  await waitUntilShown('# ', 0);
  for (let index = 0; index < keys; index += 1) {
    await delay(keyIntervalMs);
    // The key differs from the previous one, whose echo may arrive late.
    const key = String.fromCharCode('a'.charCodeAt(0) + (index % 26));
    const from = shown.length;
    await meter.run(1, 1, () => {
      child.stdin.write(key);
      return waitUntilShown(key, from);
    });
  }
  // Ctrl-U clears the line.
  child.stdin.end('\x15exit\r');
  await exited;
}
