import { images, type Service, startService } from '@podman-api/testing';
import { startContainerInNetwork } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe } from 'vitest';
import { testContent, testContentOfSize } from './files/content.ts';
import { testExisting } from './files/existing.ts';
import { testReplace } from './files/replace.ts';
import { testStopped } from './files/stopped.ts';

describe('POST /containers/:name/files', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  describe.each(['busybox', 'debian', 'plain'] as const)('in the image %s', kind => {
    let container: string;
    beforeAll(async () => {
      container = await startContainerInNetwork(images[kind]);
    });
    const target = () => ({ call: service.call, container });

    testContent(target);
    testContentOfSize(target, 9);
    testReplace(target, 3);
    testStopped(() => service.call, kind);
    testExisting(target);
  });
});
