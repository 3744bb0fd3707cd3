import type { CallResponse } from '@podman-api/testing';
import { expect, it } from 'vitest';
import { addUser, outputOf, type UserTarget } from './target.ts';

/** Writes a message and fails, as a program for `printf`. */
const failingTool = '#!/bin/sh\\ncat >/dev/null; echo no luck >&2; exit 1\\n';

/**
 * Registers the tests of adding users that every image with a shell must pass. They leave the container as it was, except for the
 * users.
 */
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
    const responses = await Promise.all([add({ username: 'racer' }), add({ username: 'racer' })]);
    expect(responses.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await output('grep -c ^racer: /etc/passwd')).toBe('1\n');
  });

  it('makes a group with the name of the user its own, and keeps that group if the user cannot be added', async () => {
    await output('echo crew:x:7001:root >>/etc/group');
    const before = await output('cat /etc/group');
    expect(await addWithoutPasswordTool(getTarget(), { username: 'crew', password: 'secret' })).toMatchObject({ status: 500 });
    expect(await output('grep -c ^crew: /etc/passwd; ls -d /home/crew 2>/dev/null; grep ^crew: /etc/group')).toBe('0\ncrew:x:7001:root\n');
    expect(sorted(await output('cat /etc/group'))).toEqual(sorted(before));
    expect((await add({ username: 'crew' })).status).toBe(201);
    expect(await output('grep ^crew: /etc/passwd | cut -d: -f4')).toBe('7001\n');
    expect(await add({ username: 'crew' })).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('has a user crew') } },
    });
  });

  it('takes user id, group id, groups, home and names with dots', async () => {
    await output('printf "web.dev:x:7101:\nother:x:7102:root\n" >>/etc/group');
    const body = { username: 'first.last', uid: 7200, gid: 7300, groups: ['web.dev', 'other'], home: '/srv/deep/home' };
    expect((await add(body)).status).toBe(201);
    expect(await output('grep ^first.last: /etc/passwd | cut -d: -f3,4,6')).toBe('7200:7300:/srv/deep/home\n');
    expect(await output('grep -E ":(7101|7102|7300):" /etc/group | cut -d: -f1,3,4 | sort')).toMatch(
      /^first\.last:7300:.*\nother:7102:root,first\.last\nweb\.dev:7101:first\.last\n$/,
    );
    expect(await output('id -G; stat -c "%u:%g" /srv/deep/home', { user: 'first.last' })).toBe('7300 7101 7102\n7200:7300\n');
    // "." must match only itself, so this is another name.
    expect((await add({ username: 'firstXlast' })).status).toBe(201);
  });

  it('refuses ids and groups that do not fit, and leaves the files as they are', async () => {
    await output('echo taken:x:7500: >>/etc/group');
    const before = await output('cat /etc/passwd /etc/group');
    expect(await add({ username: 'second', uid: 7700 })).toMatchObject({ status: 201 });
    expect(await add({ username: 'third', uid: 7700 })).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringMatching(/^uid: /) } },
    });
    expect(await add({ username: 'third', groups: ['no.such'] })).toMatchObject({
      status: 400,
      body: {
        error: { message: 'groups: the container has no group no.such: create it first, or leave it out.', details: [{ path: 'groups' }] },
      },
    });
    expect(await add({ username: 'taken', gid: 7501 })).toMatchObject({ status: 400, body: { error: { details: [{ path: 'gid' }] } } });
    expect(String(await output('grep -v ^second: /etc/passwd; grep -v ^second: /etc/group'))).toBe(before);
  });

  it('leaves nothing of a user with groups and an id that cannot be added', async () => {
    await output('echo team:x:7600:root >>/etc/group');
    const before = await output('cat /etc/group');
    const body = { username: 'ghost', password: 'secret', gid: 7601, groups: ['team'], home: '/srv/ghost' };
    expect(await addWithoutPasswordTool(getTarget(), body)).toMatchObject({
      status: 500,
      body: { error: { type: 'PodmanAPIError', message: expect.stringContaining('no luck') } },
    });
    expect(await output('grep ghost /etc/passwd /etc/shadow /etc/group; ls -d /srv/ghost 2>/dev/null')).toBe('');
    expect(sorted(await output('cat /etc/group'))).toEqual(sorted(before));
  });
}

/** Registers the slower tests of adding users. */
export function testAddingMoreUsers(getTarget: () => UserTarget): void {
  const add = (body: object) => addUser(getTarget(), body);
  const output = (command: string) => outputOf(getTarget(), command);

  it('removes the user again if the password cannot be set', async () => {
    expect(await addWithoutPasswordTool(getTarget(), { username: 'unlucky', password: 'secret' })).toMatchObject({
      status: 500,
      body: { error: { type: 'PodmanAPIError', message: expect.stringContaining('no luck') } },
    });
    expect(await output('grep unlucky /etc/passwd /etc/group /etc/shadow; [ -e /home/unlucky ] && echo home')).toBe('');
  });

  it('uses the group that has the id given as gid', async () => {
    await output('echo staffers:x:7400:root >>/etc/group');
    expect((await add({ username: 'member', gid: 7400 })).status).toBe(201);
    expect(await output('grep ^member: /etc/passwd | cut -d: -f4; grep -c ^member: /etc/group')).toBe('7400\n0\n');
  });

  it('shortens the message of a tool, and removes its control characters', async () => {
    const tool = '#!/bin/sh\\ncat >/dev/null; printf "\\033[2J\\342\\200\\256"; yes "no luck" | head -c 1000000; exit 1\\n';
    const response = await addWithoutPasswordTool(getTarget(), { username: 'talker', password: 'secret' }, tool);
    const message = String(response.field('error.message'));
    expect(message).toMatch(/^The user could not be added: \[2J ?no luck no luck /);
    expect(message.length).toBeLessThan(560);
  });
}

/** Adds a user while the password tools are replaced by one that fails. */
async function addWithoutPasswordTool(target: UserTarget, body: object, tool = failingTool): Promise<CallResponse> {
  await outputOf(
    target,
    `for tool in chpasswd passwd; do p=$(command -v $tool) && mv $p $p.away; done; printf '${tool}' >/bin/chpasswd; chmod 755 /bin/chpasswd`,
  );
  const response = await addUser(target, body);
  await outputOf(
    target,
    'rm /bin/chpasswd; for tool in $(ls /bin/*.away /usr/sbin/*.away /usr/bin/*.away); do mv $tool $(echo $tool | sed s/.away$//); done',
  );
  return response;
}

function sorted(lines: unknown): readonly string[] {
  return String(lines).split('\n').sort();
}
