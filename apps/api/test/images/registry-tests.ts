import type { Service } from '@podman-api/testing';
import { registryLogin, type TestRegistry } from '@podman-api/testing/registry';
import { describe, expect, it } from 'vitest';
import { makeImage, ownReference, removeImage } from './make-image.ts';

/** A service whose policy lists two registries. */
export interface RegistryHosts {
  readonly service: Service;
  /** The second one needs `registryLogin`. */
  readonly registries: readonly TestRegistry[];
}

/** Registers the tests of pushes and pulls. */
export function testRegistryImages(hosts: RegistryHosts): void {
  describe('images of a registry', () => {
    /** Creates an image that only a registry has, through the API. */
    const pushImage = async (registry: TestRegistry | undefined, extraFields: object = {}) => {
      const reference = ownReference(registry?.host);
      await makeImage(reference);
      expect(await hosts.service.call('POST', '/images/push', { reference, ...extraFields })).toMatchObject({
        status: 200,
        body: { image: { reference } },
      });
      await removeImage(reference);
      return reference;
    };
    const pull = (reference: string, extraFields: object = {}) => hosts.service.call('POST', '/images/pull', { reference, ...extraFields });

    it('are pushed and pulled, with progress in the output of the job', async () => {
      const reference = await pushImage(hosts.registries[0]);
      const response = await pull(reference);
      expect(response).toMatchObject({
        status: 200,
        body: {
          image: { reference, digest: expect.stringMatching(/^sha256:/), size: expect.any(Number), node: hosts.service.env['NODE_NAME'] },
        },
      });
      const { body } = await hosts.service.call('GET', `/jobs/${response.field('job_id')}/output`, undefined, { Accept: 'text/plain' });
      expect(body).toContain('Trying to pull');
      expect(body).toContain('"status":"copying"');
      expect(await pull(reference, { pull_policy: 'missing', all_nodes: true })).toMatchObject({
        status: 200,
        body: { images: [{ reference }], failed: [] },
      });
    });

    it('are pulled by a job for each node, which are returned at once for Prefer: respond-async', async () => {
      const reference = await pushImage(hosts.registries[0]);
      const body = { reference, all_nodes: true };
      const headers = { Prefer: 'respond-async', 'Idempotency-Key': reference };
      const response = await hosts.service.call('POST', '/images/pull', body, headers);
      const node = hosts.service.env['NODE_NAME'];
      expect(response).toMatchObject({ status: 202, body: { jobs: [{ operation: 'image.pull', node }], failed: [] } });
      const id = response.field('jobs.0.id');
      expect((await hosts.service.call('POST', '/images/pull', body, headers)).field('jobs.0.id')).toBe(id);
      expect(await hosts.service.call('GET', `/jobs/${id}?wait=60`)).toMatchObject({
        body: { job: { status: 'succeeded', result: { reference } } },
      });
    });

    it('need the right password', async () => {
      const reference = await pushImage(hosts.registries[1], { credentials: registryLogin });
      const wrong = { ...registryLogin, password: 'wrong-password-51fa' };
      for (const extraFields of [{ credentials: wrong }, {}]) {
        const response = await pull(reference, extraFields);
        expect(response).toMatchObject({
          status: 400,
          body: {
            error: { type: 'ValidationError', details: [{ path: 'credentials', message: expect.stringContaining('refuses access') }] },
          },
        });
        expect(JSON.stringify(response.body)).not.toContain(wrong.password);
      }
      expect(await pull(reference, { credentials: registryLogin })).toMatchObject({ status: 200, body: { image: { reference } } });
    });

    it('are refused if the policy does not list the registry, and not found if the registry does not have them', async () => {
      expect(await pull('127.0.0.1:1/a:1')).toMatchObject({ status: 403, body: { error: { details: [{ path: 'reference' }] } } });
      expect(await pull(`${hosts.registries[0]?.host}/none:1`)).toMatchObject({
        status: 404,
        body: { error: { message: 'The registry has no such image: check its name and tag.' } },
      });
    });
  });
}
