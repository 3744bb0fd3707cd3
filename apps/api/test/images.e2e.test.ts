import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, type Service, sharedService, startService, testPodman } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { registryLogin, startRegistry, type TestRegistry, trustRegistries } from '@podman-api/testing/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeImage, ownReference, removeImage } from './images/make-image.ts';

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
    const { body } = await call('GET', `/images?reference=${name}&label=team=images`);
    expect(body).toMatchObject({
      images: [{ references: [reference], node: expect.any(String), size: expect.any(Number), in_use: false }],
      unreachable: [],
    });
    expect(await call('GET', `/images?reference=${name}&label=team=other`)).toMatchObject({ body: { images: [] } });
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
      expect(await call('GET', `/images?reference=${encodeURIComponent(own)}`)).toMatchObject({ body: { images: [{ in_use: true }] } });
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
    await startContainer(images.plain);
    expect(await call('DELETE', `${pathOf(reference)}?force=true`)).toMatchObject({ status: 409 });
    expect(await call('GET', pathOf(reference))).toMatchObject({ status: 200 });
  });
});

describe('images of a registry', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  let registries: readonly TestRegistry[] = [];
  let service: Service;
  beforeAll(async () => {
    registries = await Promise.all([startRegistry(), startRegistry({ isProtected: true })]);
    const hosts = registries.map(({ host }) => host);
    service = await startService({
      ...trustRegistries(join(folder, 'registries.conf'), hosts),
      ALLOWED_IMAGES: hosts.map(host => `${host}/*`).join(),
    });
  });
  afterAll(async () => {
    await Promise.all([service.stop(), ...registries.map(registry => registry.stop())]);
    rmSync(folder, { recursive: true });
  });

  /** Creates an image that only a registry has, by the API. */
  const pushImage = async (registry: TestRegistry | undefined, more: object = {}) => {
    const reference = ownReference(registry?.host);
    await makeImage(reference);
    expect(await service.call('POST', '/images/push', { reference, ...more })).toMatchObject({
      status: 200,
      body: { image: { reference } },
    });
    await removeImage(reference);
    return reference;
  };
  const pull = (reference: string, more: object = {}) => service.call('POST', '/images/pull', { reference, ...more });

  it('are pushed and pulled, with progress in the output of the job', async () => {
    const reference = await pushImage(registries[0]);
    const answer = await pull(reference);
    expect(answer).toMatchObject({
      status: 200,
      body: { image: { reference, digest: expect.stringMatching(/^sha256:/), size: expect.any(Number), node: service.env['NODE_NAME'] } },
    });
    const { body } = await service.call('GET', `/jobs/${answer.field('job_id')}/output`, undefined, { Accept: 'text/plain' });
    expect(body).toContain('Trying to pull');
    expect(body).toContain('"status":"copying"');
    expect(await pull(reference, { pull_policy: 'missing', all_nodes: true })).toMatchObject({
      status: 200,
      body: { images: [{ reference }], failed: [] },
    });
  });

  it('are pulled by a job for each node, which are returned at once for Prefer: respond-async', async () => {
    const reference = await pushImage(registries[0]);
    const body = { reference, all_nodes: true };
    const headers = { Prefer: 'respond-async', 'Idempotency-Key': reference };
    const answer = await service.call('POST', '/images/pull', body, headers);
    const node = service.env['NODE_NAME'];
    expect(answer).toMatchObject({ status: 202, body: { jobs: [{ operation: 'image.pull', node }], failed: [] } });
    const id = answer.field('jobs.0.id');
    expect((await service.call('POST', '/images/pull', body, headers)).field('jobs.0.id')).toBe(id);
    expect(await service.call('GET', `/jobs/${id}?wait=60`)).toMatchObject({
      body: { job: { status: 'succeeded', result: { reference } } },
    });
  });

  it('need the right password', async () => {
    const reference = await pushImage(registries[1], { credentials: registryLogin });
    const wrong = { ...registryLogin, password: 'wrong-password-51fa' };
    for (const more of [{ credentials: wrong }, {}]) {
      const answer = await pull(reference, more);
      expect(answer).toMatchObject({
        status: 400,
        body: {
          error: { type: 'ValidationError', details: [{ path: 'credentials', message: expect.stringContaining('refuses access') }] },
        },
      });
      expect(JSON.stringify(answer.body)).not.toContain(wrong.password);
    }
    expect(await pull(reference, { credentials: registryLogin })).toMatchObject({ status: 200, body: { image: { reference } } });
  });

  it('are refused if the policy does not list the registry, and not found if the registry does not have them', async () => {
    expect(await pull('127.0.0.1:1/a:1')).toMatchObject({ status: 403, body: { error: { details: [{ path: 'reference' }] } } });
    expect(await pull(`${registries[0]?.host}/none:1`)).toMatchObject({
      status: 404,
      body: { error: { message: 'The registry has no such image.' } },
    });
  });
});
