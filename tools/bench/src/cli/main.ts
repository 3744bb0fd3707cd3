import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { images } from '@podman-api/testing/images';
import { prepareStorage } from '@podman-api/testing/storage';
import { startHost } from '../host.ts';

/**
 * `npm run bench:cli`: measures how long a line takes from the container to the stdout of `podman-api`, and how long the shortest
 * command takes. The figures are in docs/cli.md.
 */
const program = fileURLToPath(new URL('../../../../packages/client/bin/podman-api.mjs', import.meta.url));
const lines = 100;
const rounds = 20;

Object.assign(process.env, prepareStorage());
const host = await startHost();
const env = { ...process.env, PODMAN_API_URL: host.url, PODMAN_API_TOKEN: host.token };
try {
  report('a line of run, ms from the container to stdout', await measureDelaysMs(['run', '--rm', images.debian]));

  const run = (...args: string[]) => execFileSync(process.execPath, [program, ...args], { env, encoding: 'utf8' });
  const name = run('run', '--detach', images.debian, 'sleep', '600').trim();
  report('a line of exec, ms from the container to stdout', await measureDelaysMs(['exec', name]));
  report(
    'exec of true, ms from start to exit',
    measureDurationsMs(() => run('exec', name, 'true')),
  );
  run('rm', '--force', name);
  report(
    'run --rm of true, ms from start to exit',
    measureDurationsMs(() => run('run', '--rm', images.debian, 'true')),
  );
} finally {
  await host.stop();
}

/** Returns the delay of each line in ms. A line's text is the time at which it was written; container and host share a clock. */
async function measureDelaysMs(args: readonly string[]): Promise<number[]> {
  const script = `for i in $(seq ${lines}); do date +%s%N; sleep 0.1; done`;
  const child = spawn(process.execPath, [program, ...args, 'sh', '-c', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const found: number[] = [];
  createInterface({ input: child.stdout }).on('line', line => found.push(performance.timeOrigin + performance.now() - Number(line) / 1e6));
  await once(child, 'close');
  return found;
}

/** Returns the duration of each of some calls in ms. */
function measureDurationsMs(call: () => unknown): number[] {
  return Array.from({ length: rounds }, () => {
    const started = performance.now();
    call();
    return performance.now() - started;
  });
}

function report(measurement: string, valuesMs: readonly number[]): void {
  const sorted = valuesMs.toSorted((one, other) => one - other);
  const quantile = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(0);
  process.stdout.write(`${measurement}: median ${quantile(0.5)}, 95 % ${quantile(0.95)}, most ${quantile(1)} (${valuesMs.length} times)\n`);
}
