import { images, sharedContainer, sharedService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { testAddingUsers } from './users/adding.ts';
import { testPassword } from './users/password.ts';

const { call } = sharedService();

// Other images, wrong passwords and more users are tested in `npm run test:all`.
describe('POST /containers/:name/users in the image busybox', () => {
  let container: string;
  beforeAll(async () => {
    container = await startContainer(images.busybox);
  });
  const target = () => ({ call, container, image: 'busybox' as const });

  testPassword(target, false);
  testAddingUsers(target);
});

describe('POST /containers/:name/users', () => {
  it('returns 409 for a container without a shell', async () => {
    expect(await call('POST', `/containers/${sharedContainer('bare')}/users`, { username: 'x' })).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('has no sh') } },
    });
  });

  it.each([
    ['password', { username: 'x', password: 'a\nroot:b' }],
    ['username', { username: 'x:0:0', password: 'a' }],
    ['username', { username: '-x' }],
    ['username', { username: '.x' }],
    ['shell', { username: 'x', shell: 'bash' }],
    ['uid', { username: 'x', uid: 0 }],
    ['uid', { username: 'x', uid: 4_294_967_295 }],
    ['gid', { username: 'x', gid: 'staff' }],
    ['groups.0', { username: 'x', groups: ['a,b'] }],
    ['groups.1', { username: 'x', groups: ['a', 'a'] }],
    ['home', { username: 'x', home: '/' }],
    ['home', { username: 'x', home: '/a:b' }],
  ])('returns 400 that names %s for %j', async (field, body) => {
    expect(await call('POST', '/containers/any/users', body)).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: field }] } },
    });
  });
});
