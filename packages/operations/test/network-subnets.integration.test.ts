import { testPodman } from '@podman-api/testing';
import { uniqueNetworkName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { overlap } from '../src/network/create/host-routes.ts';
import { createBridge } from '../src/network/create/run.ts';
import { context } from './recording-podman.ts';

const podman = testPodman();
const createWith = (routes: readonly string[], input: object = {}) =>
  createBridge(podman, { name: uniqueNetworkName(), ...input }, context, async () => routes);

describe('the subnet of a new network', () => {
  it('is one that the host has no route to, if podman would choose one with a route', async () => {
    const routes = ['10.0.0.0/8', '172.16.0.0/13'];
    const { subnets } = await createWith(routes, { ipv6: true });
    expect(subnets).toHaveLength(2);
    expect(subnets.filter(({ subnet }) => routes.some(route => overlap(route, subnet)))).toEqual([]);
  });

  it('is a 400 if the host has a route to it, and leaves no network', async () => {
    const name = uniqueNetworkName();
    const creating = createWith(['10.77.0.0/16'], { name, subnet: '10.77.3.0/24' });
    await expect(creating).rejects.toMatchObject({ status: 400, fields: { details: [{ path: 'subnet' }] } });
    await expect(podman.run(['network', 'inspect', '--', name])).rejects.toMatchObject({ status: 404 });
  });

  it('is a 409 if the host routes all private ranges, and leaves no network', async () => {
    const name = uniqueNetworkName();
    const creating = createWith(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], { name });
    await expect(creating).rejects.toMatchObject({ status: 409 });
    await expect(podman.run(['network', 'inspect', '--', name])).rejects.toMatchObject({ status: 404 });
  });
});
