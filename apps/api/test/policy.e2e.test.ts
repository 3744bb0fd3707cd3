import { images, type Service, startApi, startService, testPodman } from '@podman-api/testing';
import { ownName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let service: Service;
let open: Service;
beforeAll(async () => {
  [service, open] = await Promise.all([
    startService({
      ALLOWED_IMAGES: `${images.busybox},localhost/no-such/*`,
      ALLOWED_CAPABILITIES: 'NET_ADMIN, SYS_N*',
      ALLOWED_NETWORKS: 'none,host',
      ALLOWED_USERS: '1000',
    }),
    startService(),
  ]);
});
afterAll(() => Promise.all([service.stop(), open.stop()]));

const create = (options: object = {}, { call }: Service = service, query = '') => {
  const name = ownName();
  const body = { image: images.busybox, name, command: ['sleep', '600'], network: 'none', ...options };
  return call('POST', `/containers${query}`, body).then(answer => ({ ...answer, name }));
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

test('what the lists name is allowed', async () => {
  const made = await create({ cap_add: ['NET_ADMIN', 'CAP_SYS_NICE', 'CHOWN'] });
  expect(made.status).toBe(201);
  expect(await service.call('POST', `/containers/${made.name}/exec`, { command: 'id -u', user: '1000' })).toMatchObject({
    status: 200,
    body: { execution: { stdout: '1000\n' } },
  });
  for (const user of [{ user: 'root' }, { user: '1000:0' }, {}]) {
    expect(await service.call('POST', `/containers/${made.name}/exec`, { command: 'id', ...user })).toMatchObject(refused('ALLOWED_USERS'));
  }
});

test.each([
  [{ image: images.plain }, 'ALLOWED_IMAGES'],
  [{ image: 'podman-api-test/busybox' }, 'ALLOWED_IMAGES'],
  [{ cap_add: ['SYS_ADMIN'] }, 'ALLOWED_CAPABILITIES'],
  [{ cap_add: ['ALL'] }, 'ALLOWED_CAPABILITIES'],
  [{ network: 'podman' }, 'ALLOWED_NETWORKS'],
  [{ network: 'container:web' }, 'ALLOWED_NETWORKS'],
])('%j is refused by %s, and nothing is made', async (options, variable) => {
  const answer = await create(options);
  expect(answer).toMatchObject(refused(variable));
  expect(await exists(answer.name)).toBe(false);
});

test('without lists, neither the host’s network nor another container’s nor more capabilities are given', async () => {
  const answer = await create({ image: images.plain, network: 'host', cap_add: ['NET_ADMIN'] }, open);
  expect(answer).toMatchObject(refused('ALLOWED_CAPABILITIES', 'ALLOWED_NETWORKS'));
  expect(await create({ network: 'container:web' }, open)).toMatchObject(refused('ALLOWED_NETWORKS'));
  expect((await create({ image: images.plain }, open)).status).toBe(201);
});

describe('the worker judges by its own policy, whatever the API let pass', () => {
  test('an API without lists', async () => {
    const { ALLOWED_IMAGES: _, ...env } = service.env;
    const other = await startApi(env);
    const name = ownName();
    const answer = await other.call('POST', '/containers', { image: images.plain, name, network: 'none' });
    expect(answer).toMatchObject(refused('ALLOWED_IMAGES'));
    expect(answer.field('job_id') ?? answer.headers.get('x-request-id')).toBeTruthy();
    await other.api.end();
  });
});

describe('a dry run makes nothing', () => {
  const rehearse = (options: object = {}) => create(options, service, '?dry_run=true');

  test('and tells what would be made', async () => {
    const answer = await rehearse();
    expect(answer).toMatchObject({ status: 200, body: { container: { name: answer.name, status: 'would be created', image: 'present' } } });
    expect(answer.headers.get('location')).toBeNull();
    expect(await exists(answer.name)).toBe(false);
  });

  test('nor pulls', async () => {
    const missing = 'localhost/no-such/image';
    expect((await rehearse({ image: missing })).field('container.image')).toBe('would be pulled');
    expect((await rehearse({ pull_policy: 'always' })).field('container.image')).toBe('would be pulled');
    expect(await rehearse({ image: missing, pull_policy: 'never' })).toMatchObject({ status: 404 });
  });

  test('and is refused as the create would be', async () => {
    const { name } = await create();
    expect(await rehearse({ name })).toMatchObject({ status: 409, body: { error: { type: 'ConflictError' } } });
    expect(await rehearse({ image: images.plain })).toMatchObject(refused('ALLOWED_IMAGES'));
    expect(await rehearse({ volumes: { '/etc': '/data' } })).toMatchObject(refused('ALLOWED_MOUNTS'));
    expect(await rehearse({ memory: 'much' })).toMatchObject({ status: 400 });
  });
});

test('where users are listed, files and users, which are put as root, need root among them', async () => {
  const { name } = await create();
  const at = `/containers/${name}`;
  const passwd = { dest_path: '/etc/passwd', content: 'app:x:0:0::/:/bin/sh\n' };
  expect(await service.call('POST', `${at}/files`, passwd)).toMatchObject(refused('ALLOWED_USERS'));
  expect(await service.call('POST', `${at}/users`, { username: 'app' })).toMatchObject(refused('ALLOWED_USERS'));
});
