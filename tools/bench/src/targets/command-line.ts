import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { command, image, type Target } from './target.ts';

/**
 * Creates a target that starts the podman command line directly.
 * @param file path of a file of 1 KiB on the host
 */
export function createCommandLineTarget(env: NodeJS.ProcessEnv, file: string): Target {
  const podman = (...args: string[]) => podmanWith('ignore', ...args);
  const podmanWith = (stdin: 'ignore' | number, ...args: string[]) =>
    new Promise<void>((resolve, reject) => {
      const child = spawn('podman', args, { env, stdio: [stdin, 'pipe', 'pipe'] });
      let stderr = '';
      child.stdout?.resume();
      child.stderr?.on('data', chunk => {
        stderr += chunk;
      });
      child.on('close', code => (code === 0 ? resolve() : reject(new Error(`podman ${args.join(' ')}: ${code} ${stderr}`))));
    });
  const stop = (name: string) => podman('stop', '--time=0', name);
  const remove = (name: string) => podman('rm', '--force', '--time=0', '--volumes', name);
  return {
    name: 'podman command line',
    create: name => podman('run', '--detach', '--network=none', `--name=${name}`, image, ...command),
    start: name => podman('start', name),
    stop,
    remove,
    end: name => stop(name).then(() => remove(name)),
    list: () => podman('ps', '--all', '--format=json'),
    inspect: name => podman('container', 'inspect', name),
    logs: name => podman('logs', '--tail=100', name),
    exec: name => podman('exec', name, 'true'),
    file: name => podman('cp', file, `${name}:/tmp/file`),
    async wholeFile(name) {
      const opened = await open(file);
      await podmanWith(opened.fd, 'exec', '--interactive', name, 'sh', '-c', 'cat >/tmp/.draft && mv -f /tmp/.draft /tmp/file');
      await opened.close();
    },
  };
}
