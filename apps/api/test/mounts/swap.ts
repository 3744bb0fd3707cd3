import { startChild, type TestChild } from '@podman-api/testing';

const script = `
  const { renameSync, symlinkSync } = require('node:fs');
  const [path, outside] = process.argv.slice(1);
  const rest = () => new Promise(resolve => setTimeout(resolve, Math.random() * 100));
  symlinkSync(outside, path + '.link');
  console.log('swapping');
  (async () => {
    for (;;) {
      renameSync(path, path + '.real'), renameSync(path + '.link', path);
      await rest();
      renameSync(path, path + '.link'), renameSync(path + '.real', path);
      await rest();
    }
  })();`;

/** Starts a process that replaces a folder by a symbolic link to another one, and back, all the time. */
export async function startSwapping(path: string, outside: string): Promise<TestChild> {
  const child = startChild(process.execPath, ['--eval', script, path, outside]);
  await child.waitForOutput('swapping');
  return child;
}
