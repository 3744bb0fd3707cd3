import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Service, startService, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { startRegistry, type TestRegistry, trustRegistries } from '@podman-api/testing/registry';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeImage, ownReference, removeImage } from './images/make-image.ts';
import { packFiles } from './transfers/pack-files.ts';
import { transfer } from './transfers/transfer-client.ts';

let folder: string;
let registry: TestRegistry;
let closed: TestRegistry;
let service: Service;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  registry = await startRegistry();
  closed = await startRegistry({ isProtected: true });
  const trusted = trustRegistries(join(folder, 'registries.conf'), [registry.host, closed.host]);
  const allowed = `${registry.host}/*,${closed.host}/allowed/*`;
  service = await startService({ ...trusted, ALLOWED_IMAGES: allowed });
});
afterAll(async () => {
  await service.stop();
  await registry.stop();
  await closed.stop();
  rmSync(folder, { recursive: true });
});

/** Pushes a new image to the registry, and removes it from the node. @returns its id */
async function pushImage(reference: string): Promise<string> {
  await makeImage(reference);
  const id = (await testPodman().run(['image', 'inspect', '--format={{.Id}}', '--', reference])).trim();
  expect(await service.call('POST', '/images/push', { reference })).toMatchObject({ status: 200 });
  await removeImage(reference);
  return id;
}

/** Builds an image from a base image. @returns the response, and the layers of the image */
async function build(base: string, query: Readonly<Record<string, string>> = {}) {
  const tag = `localhost/${uniqueContainerName()}:1`;
  onTestFinished(() => removeImage(tag));
  const body = await packFiles({ Containerfile: `FROM ${base}\nCOPY file /file\n`, file: 'content' });
  const { status, body: response } = await transfer(service.url, 'POST', `/images/build?${new URLSearchParams({ tag, ...query })}`, {
    body,
  });
  const layers = async (image: string): Promise<readonly string[]> =>
    JSON.parse(await testPodman().run(['image', 'inspect', '--format={{json .RootFS.Layers}}', '--', image]));
  return { status, response, layersOf: layers, tag };
}

describe('POST /images/build with a base image of a registry', () => {
  it('pulls the image if the node has none, and asks for a newer one only with pull=true', async () => {
    const base = ownReference(registry.host);
    await pushImage(base);
    const first = await build(base);
    expect(first, JSON.stringify(first.response)).toMatchObject({ status: 201 });
    const old = await first.layersOf(base);
    expect((await first.layersOf(first.tag)).slice(0, 1)).toEqual(old);

    // The registry has another image of this name, and the node still has the old one.
    await testPodman().run(['tag', '--', base, `${base}-old`]);
    onTestFinished(() => removeImage(`${base}-old`));
    await removeImage(base);
    await pushImage(base);
    await testPodman().run(['tag', '--', `${base}-old`, base]);
    const second = await build(base);
    expect((await second.layersOf(second.tag)).slice(0, 1)).toEqual(old);
    const third = await build(base, { pull: 'true' });
    expect((await third.layersOf(third.tag)).slice(0, 1)).not.toEqual(old);
  });

  it('returns the error of the registry, or that of the policy, and builds nothing', async () => {
    const missing = await build(`${registry.host}/missing:1`);
    expect(missing, JSON.stringify(missing.response)).toMatchObject({ status: 404 });
    const secret = await build(`${closed.host}/allowed/app:1`);
    expect([400, 403]).toContain(secret.status);
    const forbidden = await build(`${closed.host}/other/app:1`);
    expect(forbidden).toMatchObject({ status: 403, response: { error: { message: expect.stringContaining('ALLOWED_IMAGES') } } });
    expect(closed.log()).not.toContain('/other/app');
    const images = await testPodman().run(['images', '--format={{.Repository}}']);
    for (const { tag } of [missing, secret, forbidden]) expect(images).not.toContain(tag.replace(':1', ''));
  });
});
