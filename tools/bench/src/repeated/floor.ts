import { type ChildProcessByStdio, execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';

/** Lower bounds for an exec: the same command below podman, without parsing its output, storing a result or checking anything. */
export interface Floor {
  /** Runs `true` with `runc exec`, without podman or conmon. */
  runcExec(): Promise<unknown>;
  /** Runs `true` in a shell that stays in the container, one for each caller. */
  shellCommand(caller: number): Promise<unknown>;
  stop(): Promise<void>;
}

type BareShell = ChildProcessByStdio<Writable, Readable, null>;

/** Prepares the measurement in a running container. @param env environment variables of podman */
export function createFloor(env: NodeJS.ProcessEnv, container: string): Floor {
  const id = execFileSync('podman', ['container', 'inspect', '--format={{.Id}}', container], { env, encoding: 'utf8' }).trim();
  const run = promisify(execFile);
  const shells = new Map<number, BareShell>();
  return {
    runcExec: () => run('runc', ['exec', id, 'true']),
    async shellCommand(caller) {
      const shell: BareShell =
        shells.get(caller) ?? spawn('podman', ['exec', '--interactive', container, 'sh'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
      shells.set(caller, shell);
      const nonce = randomBytes(16).toString('hex');
      shell.stdin.write(`/bin/true; echo ${nonce} $?\n`);
      let text = '';
      while (!text.includes(`${nonce} 0\n`)) text += String((await once(shell.stdout, 'data'))[0]);
    },
    async stop() {
      for (const shell of shells.values()) {
        shell.stdin.end();
        await once(shell, 'exit');
      }
    },
  };
}
