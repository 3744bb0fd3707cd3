import { describe, expect, it } from 'vitest';
import { enforcePolicy, validateInput } from '../src/index.ts';
import { connect } from '../src/network/connect/index.ts';
import { findFreeSubnet, overlap, parseIPv6Routes, parseRoutes } from '../src/network/create/host-routes.ts';
import { createNetwork } from '../src/network/create/index.ts';
import { createBridge } from '../src/network/create/run.ts';
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
    expect(await createBridge(podman, input, context, async () => [])).toMatchObject({
      name: 'back',
      subnets: [{ gateway: null }],
      containers: [],
    });
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

describe('the routes of the host', () => {
  const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
  const line = (...fields: readonly string[]) => {
    const [device, destination, flags, mask] = fields;
    return `${device}\t${destination}\t00000000\t${flags}\t0\t0\t0\t${mask}\t0\t0\t0\n`;
  };

  it('are read in the byte order of the host, without default routes and those that discard packets', () => {
    const discarded = line('*', '00005A0A', '0001', '0000FFFF') + line('eth0', '00005B0A', '0201', '0000FFFF');
    const table = line('eth0', '00000000', '0003', '00000000') + line('eth1', '0000590A', '0001', '0000FFFF') + discarded;
    expect(parseRoutes(header + table, 'LE')).toEqual(['10.89.0.0/16']);
    expect(parseRoutes(header + line('eth1', '0A590000', '0001', 'FFFF0000'), 'BE')).toEqual(['10.89.0.0/16']);
  });

  it('are read for IPv6', () => {
    const zero = '0'.repeat(32);
    const route = (destination: string, prefix: string, flags: string) =>
      `${destination} ${prefix} ${zero} 00 ${zero} 00000400 00000001 00000000 ${flags}     eth0\n`;
    const table = route('fd000001'.padEnd(32, '0'), '40', '00000001') + route(zero, '00', '00000003') + route(zero, '08', '00200200');
    expect(parseIPv6Routes(table)).toEqual(['fd00:0001:0000:0000:0000:0000:0000:0000/64']);
  });

  it.each([
    ['10.0.0.0/8', '10.89.1.0/24', true],
    ['10.89.1.128/25', '10.89.1.0/24', true],
    ['10.89.0.0/24', '10.89.1.0/24', false],
    ['fd00:1::/32', 'fd00:1:2::/64', true],
    ['fd00:1::/32', 'fd00:2::/64', false],
    ['10.0.0.0/8', 'fd00::/8', false],
  ])('%s overlaps %s: %s', (one, other, isOverlap) => {
    expect([overlap(one, other), overlap(other, one)]).toEqual([isOverlap, isOverlap]);
  });

  it('leave the first range that nothing overlaps', () => {
    expect(findFreeSubnet(['10.89.0.0/16', '10.90.0.7/32'])).toBe('10.90.1.0/24');
    expect(findFreeSubnet(['10.0.0.0/8', '172.16.0.0/12'])).toBe('192.168.0.0/24');
    expect(findFreeSubnet(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])).toBeUndefined();
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
