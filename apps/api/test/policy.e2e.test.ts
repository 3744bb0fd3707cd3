import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, type Service, sharedContainer, sharedService, startApi, startService, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { startRegistry, type TestRegistry, trustRegistries } from '@podman-api/testing/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniquePath } from './gate.ts';
import { testRegistryImages } from './images/registry-tests.ts';

/** A service without lists. */
const open = sharedService();
const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
let registries: readonly TestRegistry[] = [];
let service: Service;
beforeAll(async () => {
  registries = await Promise.all([startRegistry(), startRegistry({ isProtected: true })]);
  const hosts = registries.map(({ host }) => host);
  service = await startService({
    ...trustRegistries(join(folder, 'registries.conf'), hosts),
    ALLOWED_IMAGES: [images.busybox, 'localhost/no-such/*', ...hosts.map(host => `${host}/*`)].join(),
    ALLOWED_CAPABILITIES: 'NET_ADMIN, SYS_N*',
    ALLOWED_NETWORKS: 'none,host',
    ALLOWED_USERS: '1000',
    ALLOWED_RUNTIMES: 'runc,crun,no-such-*',
  });
});
afterAll(async () => {
  await Promise.all([service.stop(), ...registries.map(registry => registry.stop())]);
  rmSync(folder, { recursive: true });
});

const create = async (options: object = {}, { call }: Pick<Service, 'call'> = service, query = '') => {
  const name = uniqueContainerName();
  const body = { image: images.busybox, name, command: ['sleep', '600'], network: 'none', ...options };
  return { ...(await call('POST', `/containers${query}`, body)), name };
};
const refused = (...variables: readonly string[]) => ({
  status: 403,
  body: {
    error: {
      type: 'ForbiddenError',
      details: variables.map(variable => ({ message: expect.stringContaining(variable) })),
    },
  },
});
const exists = async (name: string) => (await testPodman().run(['ps', '--all', '--format={{.Names}}'])).split('\n').includes(name);

describe('the policy of a host', () => {
  it('allows what the lists name', async () => {
    const made = await create({ cap_add: ['NET_ADMIN', 'CAP_SYS_NICE', 'CHOWN'] });
    expect(made.status).toBe(201);
    expect(await service.call('POST', `/containers/${made.name}/exec`, { command: 'id -u', user: '1000' })).toMatchObject({
      status: 200,
      body: { execution: { stdout: '1000\n' } },
    });
    for (const user of [{ user: 'root' }, { user: '1000:0' }, {}]) {
      expect(await service.call('POST', `/containers/${made.name}/exec`, { command: 'id', ...user })).toMatchObject(
        refused('ALLOWED_USERS'),
      );
    }
  });

  it('runs a container under a runtime that ALLOWED_RUNTIMES lists, if the node has it', async () => {
    const runtime = (await testPodman().run(['info', '--format={{.Host.OCIRuntime.Name}}'])).trim();
    const { status, name } = await create({ runtime });
    expect(status).toBe(201);
    expect((await testPodman().run(['container', 'inspect', '--format={{.OCIRuntime}}', '--', name])).trim()).toBe(runtime);
    expect(await create({ runtime: 'no-such-runtime' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'runtime', message: expect.stringContaining('no OCI runtime no-such-runtime') }] } },
    });
  });

  it.each([
    [{ image: images.plain }, 'ALLOWED_IMAGES'],
    [{ image: 'podman-api-test/busybox' }, 'ALLOWED_IMAGES'],
    [{ cap_add: ['SYS_ADMIN'] }, 'ALLOWED_CAPABILITIES'],
    [{ cap_add: ['ALL'] }, 'ALLOWED_CAPABILITIES'],
    [{ network: 'podman' }, 'ALLOWED_NETWORKS'],
    [{ network: 'container:web' }, 'ALLOWED_NETWORKS'],
    [{ runtime: 'kata' }, 'ALLOWED_RUNTIMES'],
  ])('returns 403 for %j because of %s, and creates nothing', async (options, variable) => {
    const response = await create(options);
    expect(response).toMatchObject(refused(variable));
    expect(await exists(response.name)).toBe(false);
  });

  it('without lists, permits no network of the host or of another container, and no more capabilities', async () => {
    const response = await create({ image: images.plain, network: 'host', cap_add: ['NET_ADMIN'] }, open);
    expect(response).toMatchObject(refused('ALLOWED_CAPABILITIES', 'ALLOWED_NETWORKS'));
    expect(await create({ network: 'container:web' }, open)).toMatchObject(refused('ALLOWED_NETWORKS'));
    expect((await create({ image: images.plain }, open)).status).toBe(201);
  });

  it('refuses images of registries in its private network, with the same message for an open and a closed port', async () => {
    const { port } = new URL(open.url);
    for (const registry of [`127.0.0.1:${port}`, '127.0.0.1:1', 'localhost:1', '0x7f.1:1', '10.0.0.1:22']) {
      const response = await create({ image: `${registry}/x` }, open);
      expect(response).toMatchObject(refused(`unless a pattern in ALLOWED_IMAGES begins with ${registry}/`));
      expect(await exists(response.name)).toBe(false);
    }
    // An image of the host that is missing is not searched for on its port 443.
    expect(await create({ image: 'localhost/no-such' }, open)).toMatchObject({ status: 404, body: { error: { type: 'NotFoundError' } } });
  });

  it('refuses files and users, which root adds, if ALLOWED_USERS does not name root', async () => {
    const at = `/containers/${sharedContainer('busybox')}`;
    // Unique paths, so that other tests are unaffected if the policy wrongly allows the request.
    const file = { dest_path: uniquePath(), content: '' };
    expect(await service.call('POST', `${at}/files`, file)).toMatchObject(refused('ALLOWED_USERS'));
    expect(await service.call('POST', `${at}/users`, { username: 'policy-test' })).toMatchObject(refused('ALLOWED_USERS'));
  });

  it('is enforced by the worker, whatever the API permits', async () => {
    const { ALLOWED_IMAGES: _, ...env } = service.env;
    const other = await startApi(env);
    const response = await other.call('POST', '/containers', { image: images.plain, name: uniqueContainerName(), network: 'none' });
    expect(response).toMatchObject(refused('ALLOWED_IMAGES'));
    expect(response.field('job_id') ?? response.headers.get('x-request-id')).toBeTruthy();
    await other.api.end();
  });
});

describe('POST /containers?dry_run=true', () => {
  const dryRun = (options: object = {}) => create(options, service, '?dry_run=true');

  it('returns what would be created, and creates nothing', async () => {
    const response = await dryRun();
    expect(response).toMatchObject({
      status: 200,
      body: { container: { name: response.name, status: 'would be created', image: 'present' } },
    });
    expect(response.headers.get('location')).toBeNull();
    expect(await exists(response.name)).toBe(false);
  });

  it('returns whether the image would be pulled', async () => {
    const missing = 'localhost/no-such/image';
    expect((await dryRun({ image: missing })).field('container.image')).toBe('would be pulled');
    expect((await dryRun({ platform: 'plan9/mips' })).field('container.image')).toBe('would be pulled');
    expect((await dryRun({ platform: 'plan9/mips', pull_policy: 'never' })).status).toBe(404);
    expect((await dryRun({ pull_policy: 'always' })).field('container.image')).toBe('would be pulled');
    expect(await dryRun({ image: missing, pull_policy: 'never' })).toMatchObject({ status: 404 });
  });

  it('returns the error that the create would return', async () => {
    expect(await dryRun({ name: sharedContainer('busybox') })).toMatchObject({ status: 409, body: { error: { type: 'ConflictError' } } });
    expect(await dryRun({ image: images.plain })).toMatchObject(refused('ALLOWED_IMAGES'));
    expect(await dryRun({ volumes: { '/etc': '/data' } })).toMatchObject(refused('ALLOWED_MOUNTS'));
    expect(await dryRun({ memory: 'much' })).toMatchObject({ status: 400 });
  });
});

testRegistryImages({
  get service() {
    return service;
  },
  get registries() {
    return registries;
  },
});
