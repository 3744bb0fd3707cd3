import { expect, it } from 'vitest';
import { addUser, outputOf, type UserTarget } from './target.ts';

/** Registers the tests of adding users that every image with a shell must pass. They leave the container as it was, but for the users. */
export function testAddingUsers(getTarget: () => UserTarget): void {
  const add = (body: object) => addUser(getTarget(), body);
  const output = (command: string, rest?: object) => outputOf(getTarget(), command, rest);

  it('gives the user a home, and bash as the shell if the image has it, else sh', async () => {
    expect((await add({ username: 'shelly' })).status).toBe(201);
    expect(await output('grep ^shelly: /etc/passwd')).toMatch(getTarget().image === 'debian' ? /:\/bin\/bash\n$/ : /:\/bin\/sh\n$/);
    const rest = { user: 'shelly', environment: { HOME: '/home/shelly' } };
    expect(await output('cd && pwd && touch mine && echo ok', rest)).toBe('/home/shelly\nok\n');
  });

  it('returns 409 if the user exists, and does not change it', async () => {
    expect((await add({ username: 'twice', password: 'one' })).status).toBe(201);
    const before = await output('grep twice /etc/passwd /etc/shadow /etc/group');
    expect(await add({ username: 'twice', password: 'two' })).toMatchObject({ status: 409, body: { error: { type: 'ConflictError' } } });
    expect(await output('grep twice /etc/passwd /etc/shadow /etc/group')).toBe(before);
  });

  it('adds a user once for two requests at the same time', async () => {
    const answers = await Promise.all([add({ username: 'racer' }), add({ username: 'racer' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await output('grep -c ^racer: /etc/passwd')).toBe('1\n');
  });

  it('removes the user again if the password can not be set', async () => {
    // Steps: replace the password tools with one that fails, add a user, put the tools back.
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
}
