import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDebianHost, type DebianHost } from './debian-host.ts';

const hostTimeoutMs = 1_800_000;
/** debootstrap and the namespaces of the hosts need root. */
const describeAsRoot = describe.runIf(process.getuid?.() === 0);

let host: DebianHost;

// `npm test` runs on the podman of the machine itself; this is the other one that is supported, of Debian 13.
describeAsRoot('the integration tests on podman 5.4', () => {
  beforeEach(async () => {
    host = await createDebianHost('trixie', 'root');
    host.copyNode();
  }, hostTimeoutMs);
  afterEach(() => host.remove(), hostTimeoutMs);

  it('pass', { timeout: 2 * hostTimeoutMs }, async () => {
    const tests = await host.run('root', 'npm run test:integration');
    expect((await host.run('root', 'podman --version')).output).toContain('podman version 5.4');
    expect(tests.code, tests.output.slice(-20_000)).toBe(0);
  });
});
