import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startChild, type TestChild } from '@podman-api/testing';

const program = fileURLToPath(new URL('../bin/podman-api.mjs', import.meta.url));
/** A path on which the program and a current `node` come first, where npm has put them. */
export const programPath = `${fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url))}:${process.env['PATH']}`;

/** A command line that was run to its end. */
export interface Ran {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs. */
export interface Running extends TestChild {
  /** Resolves when it has ended and all that it wrote is there. */
  readonly ran: Promise<Ran>;
}

/** Starts command lines of an API's. */
export function commandLine(url: string, extra: Readonly<Record<string, string>> = {}) {
  const env = { PODMAN_API_URL: url, PATH: programPath, ...extra };
  const start = (...args: string[]) => gathered(startChild(process.execPath, [program, ...args], env));
  return {
    start,
    run: (...args: string[]) => start(...args).ran,
    /** Runs a line of a shell's. */
    shell: (line: string) => gathered(startChild('sh', ['-c', line], env)).ran,
  };
}

function gathered(child: TestChild): Running {
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child.process[stream]?.on('data', text => {
      written[stream] += text;
    });
  }
  const ran = once(child.process, 'close').then(async () => ({ code: await child.ended, ...written }));
  return { ...child, ran };
}
