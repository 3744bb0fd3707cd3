import { images, sharedService, skipWithoutLimits, testPodman } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

describe('a paused container', () => {
  it('is reported as paused by exec, start, stop and remove, and can be removed by force', async context => {
    skipWithoutLimits(context);
    const { call } = sharedService();
    const name = await startContainer(images.plain);
    await testPodman().run(['pause', '--', name]);
    const requests = [
      ['POST', `/containers/${name}/exec`, { command: 'true' }],
      ['POST', `/containers/${name}/start`],
      ['POST', `/containers/${name}/stop?timeout=0`],
      ['DELETE', `/containers/${name}`],
    ] as const;
    for (const [method, path, body] of requests) {
      const { status, field } = await call(method, path, body);
      expect({ method, path, status }).toEqual({ method, path, status: 409 });
      expect(field('error.message')).toContain('is paused');
    }
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
  });
});
