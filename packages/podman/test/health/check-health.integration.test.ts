import { images, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';

describe('Podman.checkHealth', () => {
  const podman = testPodman();
  let name: string;
  beforeAll(async () => {
    name = uniqueContainerName();
    const test = 'test -e /ready || { touch /began; sleep 1234; }';
    // Without an interval, neither a timer of systemd nor the worker of another test runs the check too.
    const health = [`--health-cmd=${JSON.stringify(['CMD-SHELL', test])}`, '--health-interval=disable', '--health-retries=1'];
    await podman.run(['create', `--name=${name}`, '--pull=never', ...health, '--', images.busybox, 'sleep', '600']);
    await podman.run(['start', '--', name]);
  });
  const inspect = async (format: string) => (await podman.run(['container', 'inspect', `--format=${format}`, '--', name])).trim();
  const inContainer = (script: string) =>
    podman.run(['exec', '--', name, 'sh', '-c', script]).then(
      text => text.trim(),
      () => undefined,
    );

  it('ends a check that hangs in the container, and podman counts it as failed', async () => {
    const controller = new AbortController();
    const checked = podman.checkHealth(name, controller.signal);
    await until(() => inContainer('test -e /began && echo began'));
    controller.abort();
    await checked;
    expect(await inspect('{{.State.Health.Status}}')).toBe('unhealthy');
    await until(async () => (await inContainer('ps | grep -c "[s]leep 1234"; true')) === '0');
  });

  it('lets podman record a check that succeeds', async () => {
    await inContainer('touch /ready');
    await podman.checkHealth(name, new AbortController().signal);
    expect(await inspect('{{.State.Health.Status}}')).toBe('healthy');
  });
});
