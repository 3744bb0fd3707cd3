import { images, sharedService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

describe('DELETE /containers/:name', () => {
  it('answers 200 to one of several callers at once, and 404 to the others', async () => {
    const { call } = sharedService();
    for (let round = 0; round < 3; round += 1) {
      const name = await startContainer(images.plain);
      const responses = await Promise.all(Array.from({ length: 4 }, () => call('DELETE', `/containers/${name}?force=true`)));
      expect(responses.map(({ status }) => status).sort()).toEqual([200, 404, 404, 404]);
    }
  });

  it('does not accept the beginning of an id', async () => {
    const { call } = sharedService();
    const name = await startContainer(images.plain);
    const id = String((await call('GET', `/containers/${name}`)).field('container.id'));
    const { status, field } = await call('DELETE', `/containers/${id.slice(0, 6)}?force=true`);
    expect(status).toBe(404);
    expect(field('error.message')).toContain('at least 12 digits');
    expect((await call('GET', `/containers/${id.slice(0, 6)}`)).field('container.name')).toBe(name);
    expect((await call('DELETE', `/containers/${id}?force=true`)).status).toBe(200);
  });
});
