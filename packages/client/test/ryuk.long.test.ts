import { fileURLToPath } from 'node:url';
import { images, sharedService, startChild, type TestChild, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';

const script = fileURLToPath(new URL('testcontainers/leave-container.ts', import.meta.url));

describe('Ryuk of testcontainers-node', () => {
  const { url, dockerUrl, call } = sharedService();
  const ways: Readonly<Record<string, (name: string) => TestChild>> = {
    'at DOCKER_LISTEN': name =>
      startChild(process.execPath, [script, images.busybox, name], { DOCKER_HOST: dockerUrl.replace(/^http:/, 'tcp:') }),
    'behind podman-api proxy': name => createCommandLine(url).start('proxy', '--', process.execPath, script, images.busybox, name),
  };

  it.each(Object.entries(ways))('%s removes containers after the tests were ended', async (_where, start) => {
    const name = uniqueContainerName();
    const tests = start(name);
    expect({ code: await tests.ended, output: tests.output() }).toEqual({ code: 0, output: 'RESULT hello\n' });
    await until(async () => (await call('GET', `/containers/${name}`)).status === 404);
  });
});
