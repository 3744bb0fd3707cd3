import { callAllNodes, images, sharedService, testPodman } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { makeImage, ownReference } from './images/make-image.ts';

const call = (method: string, path: string, body?: object) => sharedService().call(method, path, body);
const pathOf = (reference: string) => `/images/${encodeURIComponent(reference)}`;

describe('GET /images/:reference', () => {
  it('returns the configuration of an image whose name has slashes, and masks its variables', async () => {
    const reference = ownReference();
    await makeImage(reference);
    const { status, body } = await call('GET', pathOf(reference));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      image: {
        references: [reference],
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        environment: { SECRET: '***' },
        command: ['/data'],
        user: '7',
        exposed_ports: ['80/tcp'],
        labels: { team: 'images' },
        architecture: expect.any(String),
      },
    });
  });

  it('returns 404 if there is no such image', async () => {
    expect(await call('GET', pathOf('localhost/a/b:none'))).toMatchObject({ status: 404, body: { error: { type: 'NotFoundError' } } });
  });
});

describe('GET /images', () => {
  it('lists images by reference and label', async () => {
    const reference = ownReference();
    await makeImage(reference);
    const [, name = ''] = /\/(.*):1$/.exec(reference) ?? [];
    const { body } = await callAllNodes(call, 'GET', `/images?reference=${name}&label=team=images`);
    expect(body).toMatchObject({
      images: [{ references: [reference], node: expect.any(String), size: expect.any(Number), in_use: false }],
      unreachable: [],
    });
    expect(await callAllNodes(call, 'GET', `/images?reference=${name}&label=team=other`)).toMatchObject({ body: { images: [] } });
  });
});

describe('POST /images/:source/tag and DELETE /images/:reference', () => {
  // Steps: a second name; the first is removed and the image stays; the last name cannot be removed while a container uses the image.
  it('add a name, remove a name, and return 409 for an image that a container uses', async () => {
    const [first, second] = [ownReference(), ownReference()];
    await testPodman().run(['tag', '--', images.plain, first]);
    expect(await call('POST', `${pathOf(first)}/tag`, { reference: second })).toMatchObject({
      status: 200,
      body: { image: { reference: second } },
    });
    expect(await call('DELETE', pathOf(first))).toMatchObject({ status: 200, body: { image: { reference: first, removed: true } } });
    expect(await call('GET', pathOf(first))).toMatchObject({ status: 404 });
    expect(await call('GET', pathOf(second))).toMatchObject({ status: 200 });

    const own = ownReference();
    await makeImage(own);
    const container = (await testPodman().run(['create', '--network=none', '--', own])).trim();
    try {
      expect(await callAllNodes(call, 'GET', `/images?reference=${encodeURIComponent(own)}`)).toMatchObject({
        body: { images: [{ in_use: true }] },
      });
      expect(await call('DELETE', pathOf(own))).toMatchObject({
        status: 409,
        body: { error: { message: expect.stringContaining('force') } },
      });
      expect(await call('DELETE', `${pathOf(own)}?force=true`)).toMatchObject({ status: 200 });
      expect(await call('GET', `/containers/${container.slice(0, 12)}`)).toMatchObject({ status: 404 });
    } finally {
      await testPodman().run(['rm', '--force', '--ignore', '--', container]);
    }
  });

  it('return 409 with force while a running container uses the image', async () => {
    const reference = ownReference();
    await testPodman().run(['tag', '--', images.plain, reference]);
    // A shared container runs with this image.
    expect(await call('DELETE', `${pathOf(reference)}?force=true`)).toMatchObject({ status: 409 });
    expect(await call('GET', pathOf(reference))).toMatchObject({ status: 200 });
  });
});
