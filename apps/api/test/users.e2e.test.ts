import { images, type Service, startService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

describe.each(['busybox', 'debian', 'plain'] as const)('adding users in the image %s', kind => {
  let name: string;
  beforeAll(async () => {
    name = await startContainer(images[kind]);
  });
  const add = (body: object) => service.call('POST', `/containers/${name}/users`, body);
  const output = async (command: string, rest: object = {}) =>
    (await service.call('POST', `/containers/${name}/exec`, { command, ...rest })).field('execution.output');

  test('a password of all kinds of characters lets its user in, and no other does', async () => {
    const password = ' spa ce \'"$HOME`id`;\\ &|<>%s äöü漢 longer than eight';
    expect((await add({ username: 'hard', password })).status).toBe(201);
    const hash = String(await output("grep '^hard:' /etc/shadow || grep '^hard:' /etc/passwd")).split(':')[1] ?? '';
    expect(hash).toMatch(/^\$(6|y)\$/);
    // `su` asks for a password unless root runs it.
    const login = { command: 'su hard -c whoami', user: kind === 'debian' ? 'nobody' : '1234' };
    if (kind !== 'debian') await output('echo "someone:x:1234:1234::/tmp:/bin/sh" >>/etc/passwd');
    expect(await output(login.command, { user: login.user, stdin: `${password}\n` })).toContain('hard\n');
    expect(await output(login.command, { user: login.user, stdin: `${password.slice(0, -1)}\n` })).not.toContain('hard\n');
  });

  test('the shell is bash where there is one, else sh, and the home is the user’s own', async () => {
    expect((await add({ username: 'shelly' })).status).toBe(201);
    expect(await output('grep ^shelly: /etc/passwd')).toMatch(kind === 'debian' ? /:\/bin\/bash\n$/ : /:\/bin\/sh\n$/);
    expect(await output('cd && pwd && touch mine && echo ok', { user: 'shelly', environment: { HOME: '/home/shelly' } })).toBe(
      '/home/shelly\nok\n',
    );
  });

  test('one that is there is a conflict, and stays as it is', async () => {
    expect((await add({ username: 'twice', password: 'one' })).status).toBe(201);
    const before = await output('cat /etc/passwd /etc/shadow');
    expect(await add({ username: 'twice', password: 'two' })).toMatchObject({ status: 409, body: { error: { type: 'ConflictError' } } });
    expect(await output('cat /etc/passwd /etc/shadow')).toBe(before);
  });

  test('of two at once one wins', async () => {
    const answers = await Promise.all([add({ username: 'racer' }), add({ username: 'racer' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await output('grep -c ^racer: /etc/passwd')).toBe('1\n');
  });

  test('a failure leaves nothing of the user', async () => {
    await output(
      'for tool in chpasswd passwd; do p=$(command -v $tool) && mv $p $p.away; done; printf "#!/bin/sh\\ncat >/dev/null; echo no luck >&2; exit 1\\n" >/bin/chpasswd; chmod 755 /bin/chpasswd',
    );
    expect(await add({ username: 'unlucky', password: 'secret' })).toMatchObject({
      status: 500,
      body: { error: { type: 'PodmanAPIError', message: expect.stringContaining('no luck') } },
    });
    await output(
      'rm /bin/chpasswd; for tool in $(ls /bin/*.away /usr/sbin/*.away /usr/bin/*.away); do mv $tool $(echo $tool | sed s/.away$//); done',
    );
    expect(await output('grep unlucky /etc/passwd /etc/group /etc/shadow; [ -e /home/unlucky ] && echo home')).toBe('');
  });

  test('what can not be a password or a name is a 400 that names the field', async () => {
    expect(await add({ username: 'x', password: 'a\nroot:b' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'password' }] } },
    });
    expect(await add({ username: 'x:0:0', password: 'a' })).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'username' }] } },
    });
    expect(await add({ username: '-x' })).toMatchObject({ status: 400, body: { error: { details: [{ path: 'username' }] } } });
    expect(await add({ username: 'x', shell: 'bash' })).toMatchObject({ status: 400, body: { error: { details: [{ path: 'shell' }] } } });
  });
});

test('a container without a shell says so', async () => {
  const name = await startContainer(images.bare);
  expect(await service.call('POST', `/containers/${name}/users`, { username: 'x' })).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringContaining('has no sh') } },
  });
});
