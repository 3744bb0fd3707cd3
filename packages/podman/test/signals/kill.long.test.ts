import { images, testPodman, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { describeSendInContainer } from './send-in-container.ts';

const podman = testPodman();

describeSendInContainer('busybox', 'debian');

describe('Podman.kill', () => {
  // Each of 300 processes has an environment of 1.9 MB, 570 MB in all, with the wanted variable at its end.
  it('reads large environments in little memory', async () => {
    const name = await startContainer(images.debian);
    const script = `big=$(head -c 120000 /dev/zero | tr '\\0' x)
      for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do export "BIG_$i=$big"; done
      unset WANTED; export WANTED=yes
      for i in $(seq 300); do setsid sleep 6789 & done
      wait`;
    await podman.run(['exec', '--detach', '--', name, 'sh', '-c', script]);
    const count = async () => (await podman.run(['top', name, 'args'])).split('\n').filter(line => line.trim() === 'sleep 6789').length;
    await until(async () => (await count()) === 300);
    global.gc?.();
    const before = process.memoryUsage.rss();
    let most = before;
    const sampler = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 5);
    await podman.kill(podman.identify(name), 'WANTED=yes', 0);
    clearInterval(sampler);
    expect(await count()).toBe(0);
    expect((most - before) / 1024 ** 2).toBeLessThan(150);
  });
});
