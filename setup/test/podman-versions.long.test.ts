import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDebianHost, type DebianHost, type User } from './debian-host.ts';

const hostTimeoutMs = 1_800_000;
/** debootstrap and the namespaces of the hosts need root. */
const describeAsRoot = describe.runIf(process.getuid?.() === 0);

let host: DebianHost;

// `npm test` runs on the podman of the machine itself; this is the other one that is supported, of Debian 13.
describeAsRoot.each<[User, string]>([
  ['root', 'root'],
  ['dev', 'an ordinary user'],
])('the integration tests on podman 5.4, as %s', user => {
  beforeEach(async () => {
    host = await createDebianHost('trixie', user);
    host.copyNode();
  }, hostTimeoutMs);
  afterEach(() => host.remove(), hostTimeoutMs);

  it('pass', { timeout: 2 * hostTimeoutMs }, async () => {
    if (user !== 'root') {
      const refused = await host.run(user, 'npm run test:integration');
      const [, command = ''] = /run this as root, then the same command again: (.*)/.exec(refused.output) ?? [];
      expect(await host.run('root', command)).toMatchObject({ code: 0 });
    }
    const tests = await host.run(user, 'npm run test:integration');
    expect((await host.run(user, 'podman --version')).output).toContain('podman version 5.4');
    expect(tests.code, tests.output.slice(-20_000)).toBe(0);
  });
});
