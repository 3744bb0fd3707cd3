import { describe, expect, it } from 'vitest';
import { enforcePolicy, validateInput } from '../src/index.ts';
import { connect } from '../src/network/connect/index.ts';
import { createNetwork } from '../src/network/create/index.ts';
import { disconnect } from '../src/network/disconnect/index.ts';
import { pruneNetworks } from '../src/network/prune/index.ts';
import { removeNetwork } from '../src/network/remove/index.ts';
import { patternsOf } from '../src/policy/patterns.ts';
import { context, recordingPodman } from './recording-podman.ts';

const entry = (name: string) => ({
  ...{ name, id: 'a'.repeat(64), driver: 'bridge', created: '2026-01-05T09:30:00Z' },
  ...{ subnets: [{ subnet: '10.89.0.0/24' }], ipv6_enabled: false, internal: false, dns_enabled: true },
});

const podmanWith = (...names: readonly string[]) =>
  recordingPodman({
    run(args) {
      if (args[0] === 'ps') return '';
      if (args.includes('--filter=dangling=true')) return `${names.join('\n')}\n`;
      return args[1] === 'inspect' || args[1] === 'ls' ? JSON.stringify(names.map(entry)) : '';
    },
  });
const argsOf = ({ calls }: ReturnType<typeof podmanWith>, verb: string) => calls.map(({ args }) => args).filter(args => args[1] === verb);

describe('network.create', () => {
  it('passes all options to podman, and returns the network', async () => {
    const podman = podmanWith('back');
    const given = { subnet: '10.9.0.0/24', gateway: '10.9.0.9', internal: true, ipv6: true, dns_enabled: false, options: { mtu: 1400 } };
    const input = validateInput(createNetwork, { name: 'back', labels: { a: 'b,c' }, ...given });
    expect(await createNetwork.run(podman, input, context)).toMatchObject({ name: 'back', subnets: [{ gateway: null }], containers: [] });
    const flags = [
      '--subnet=10.9.0.0/24',
      '--gateway=10.9.0.9',
      '--internal',
      '--ipv6',
      '--disable-dns',
      '--label=a=b,c',
      '--opt=mtu=1400',
    ];
    expect(argsOf(podman, 'create')).toEqual([['network', 'create', ...flags, '--', 'back']]);
  });

  it.each([
    ['subnet', '8.8.8.0/24'],
    ['subnet', '0.0.0.0/0'],
    ['subnet', '172.16.0.0/8'],
    ['subnet', '10.0.0.0/31'],
    ['subnet', '10.0.0.0'],
    ['subnet', '2001:db8::/64'],
    ['subnet', '::ffff:10.0.0.0/8'],
    ['subnet', '::ffff:192.168.0.0/112'],
    ['subnet', 'fd00::1%eth0/64'],
    ['gateway', '10.0.0.1'],
    ['driver', 'macvlan'],
    ['options', { 'com.docker.network.bridge.name': 'br0' }],
  ])('returns 400 for %s %j', (field, value) => {
    expect(() => validateInput(createNetwork, { name: 'back', [field]: value })).toThrow(
      expect.objectContaining({
        status: 400,
        fields: { details: [expect.objectContaining({ path: expect.stringMatching(`^${field}`) })] },
      }),
    );
  });
});

describe('the policy of networks', () => {
  it('returns 403 for a name that ALLOWED_NETWORKS does not have', () => {
    const policy = { ...context.policy, networks: patternsOf(['ci-*']) };
    const check = (name: string) => {
      enforcePolicy(createNetwork, { name }, policy);
      enforcePolicy(removeNetwork, { name }, policy);
      enforcePolicy(connect, { name, container: 'web' }, policy);
      enforcePolicy(disconnect, { name, container: 'web' }, policy);
    };
    check('ci-1');
    expect(() => check('back')).toThrow(
      expect.objectContaining({ status: 403, fields: { details: [expect.objectContaining({ path: 'name' })] } }),
    );
  });

  it('leaves networks that it does not allow out of a prune', async () => {
    const podman = podmanWith('ci-1', 'back');
    const policy = { ...context.policy, networks: patternsOf(['ci-*']) };
    expect(await pruneNetworks.run(podman, {}, { ...context, policy })).toEqual([{ name: 'ci-1', removed: true, node: 'node' }]);
    expect(argsOf(podman, 'rm')).toEqual([['network', 'rm', '--', 'ci-1']]);
  });
});

describe('network.connect and network.disconnect', () => {
  it('run podman network connect and disconnect', async () => {
    const podman = podmanWith('back');
    await connect.run(podman, validateInput(connect, { name: 'back', container: 'web', aliases: ['db', 'x.y'] }), context);
    await disconnect.run(podman, validateInput(disconnect, { name: 'back', container: 'web', force: true }), context);
    expect(argsOf(podman, 'connect')).toEqual([['network', 'connect', '--alias=db', '--alias=x.y', '--', 'back', 'web']]);
    expect(argsOf(podman, 'disconnect')).toEqual([['network', 'disconnect', '--force', '--', 'back', 'web']]);
  });

  it('return 404 for the beginning of an id, which podman would accept', async () => {
    const podman = podmanWith('back');
    await expect(connect.run(podman, { name: 'aaaa', container: 'web' }, context)).rejects.toMatchObject({ status: 404 });
    expect(argsOf(podman, 'connect')).toEqual([]);
  });
});
