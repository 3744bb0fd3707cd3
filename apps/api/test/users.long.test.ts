import { images, type Service, startService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe } from 'vitest';
import { testAddingMoreUsers, testAddingUsers } from './users/adding.ts';
import { testPassword } from './users/password.ts';

describe('POST /containers/:name/users', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  describe.each(['busybox', 'debian', 'plain'] as const)('in the image %s', image => {
    let container: string;
    beforeAll(async () => {
      container = await startContainer(images[image]);
    });
    testPassword(() => ({ call: service.call, container, image }), true);
    testAddingUsers(() => ({ call: service.call, container, image }));
    testAddingMoreUsers(() => ({ call: service.call, container, image }));
  });
});
