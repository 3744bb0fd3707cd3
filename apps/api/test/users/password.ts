import { expect, it } from 'vitest';
import { addUser, outputOf, type UserTarget } from './target.ts';

const password = ' spa ce \'"$HOME`id`;\\ &|<>%s äöü漢 longer than eight';

/** Registers the test of a user's password. @param withWrongPassword whether to try a wrong one too, for which `su` waits seconds */
export function testPassword(getTarget: () => UserTarget, withWrongPassword: boolean): void {
  const name = withWrongPassword ? 'accepts the password of a user, with any characters, and no other' : 'accepts the password of a user';
  it(name, async () => {
    const target = getTarget();
    expect((await addUser(target, { username: 'hard', password })).status).toBe(201);
    const entry = await outputOf(target, "grep '^hard:' /etc/shadow || grep '^hard:' /etc/passwd");
    // Not DES, which reads eight characters and no more.
    expect(String(entry).split(':')[1]).toMatch(/^\$(6|y)\$/);
    // `su` asks root for no password.
    const user = target.image === 'debian' ? 'nobody' : '1234';
    if (target.image !== 'debian') await outputOf(target, 'echo "someone:x:1234:1234::/tmp:/bin/sh" >>/etc/passwd');
    const logIn = (stdin: string) => outputOf(target, 'su hard -c whoami', { user, stdin: `${stdin}\n` });
    const [right, wrong] = await Promise.all([logIn(password), withWrongPassword ? logIn(password.slice(0, -1)) : '']);
    expect(right).toContain('hard\n');
    expect(wrong).not.toContain('hard\n');
  });
}
