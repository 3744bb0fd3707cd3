import { images, type Service, startService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { cancelStartingCreates, cancelStartingExecs } from './jobs/cancel-rounds.ts';

describe('DELETE /jobs/:id', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  it('ends 20 commands that podman is still starting', async () => {
    await cancelStartingExecs(service.call, await startContainer(images.plain), 20);
  });

  it('leaves no container of 20 creates that podman was still running', async () => {
    await cancelStartingCreates(service.call, 20);
  });
});
