import { callAllNodes, images, sharedService } from '@podman-api/testing';
import { uniqueContainerName, uniqueNetworkName, uniqueVolumeName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const call = (method: string, path: string, body?: object) => sharedService().call(method, path, body);
const failure = (status: number, field?: string) => ({
  status,
  body: { error: { ...(field !== undefined && { details: [{ path: field, message: expect.any(String) }] }) } },
});

describe('/volumes', () => {
  it('creates, lists, inspects, prunes and removes volumes', async () => {
    const [name, spare] = [uniqueVolumeName(), uniqueVolumeName()];
    const labels = { test: name };
    const created = await call('POST', '/volumes', { name, labels });
    expect(created).toMatchObject({ status: 201, body: { volume: { name, driver: 'local', labels, in_use: false, containers: [] } } });
    expect(await call('POST', '/volumes', { name })).toMatchObject(failure(409, 'name'));
    expect((await call('POST', '/volumes', { name: spare, labels })).status).toBe(201);

    const container = uniqueContainerName();
    const volumes = [`${name}:/data`];
    const request = { image: images.busybox, name: container, command: 'sleep 600', volumes, network: 'none' };
    expect((await call('POST', '/containers', request)).status).toBe(201);
    expect((await call('GET', `/volumes/${name}`)).field('volume.containers')).toEqual([container]);
    const listed = await callAllNodes(call, 'GET', `/volumes?label=test=${name}&dangling=false`);
    expect(listed).toMatchObject({ status: 200, body: { volumes: [{ name, in_use: true }], unreachable: [] } });

    expect(await call('DELETE', `/volumes/${name}`)).toMatchObject(failure(409));
    const pruned = await callAllNodes(call, 'POST', '/volumes/prune', { label: [`test=${name}`] });
    expect(pruned).toMatchObject({ status: 200, body: { volumes: [{ name: spare, removed: true }] } });
    expect((await call('DELETE', `/containers/${container}?force=true`)).status).toBe(200);
    expect(await call('DELETE', `/volumes/${name.slice(0, -1)}`)).toMatchObject(failure(404));
    expect(await call('DELETE', `/volumes/${name}`)).toMatchObject({ status: 200, body: { volume: { name, removed: true } } });
    expect(await call('GET', `/volumes/${name}`)).toMatchObject(failure(404));
  });

  it('returns 403 for a directory of the host', async () => {
    const options = { type: 'none', o: 'bind', device: '/etc' };
    expect(await call('POST', '/volumes', { name: uniqueVolumeName(), options })).toMatchObject(failure(403, 'options'));
  });
});

describe('/networks', () => {
  it('creates, lists, connects, disconnects, prunes and removes networks', async () => {
    const [name, other] = [uniqueNetworkName(), uniqueNetworkName()];
    const labels = { test: name };
    const created = await call('POST', '/networks', { name, labels, internal: true });
    expect(created).toMatchObject({ status: 201, body: { network: { name, driver: 'bridge', labels, internal: true, containers: [] } } });
    expect(await call('POST', '/networks', { name })).toMatchObject(failure(409, 'name'));
    expect(await call('POST', '/networks', { name: 'host' })).toMatchObject(failure(403, 'name'));
    const subnet = created.field('network.subnets.0.subnet');
    expect(await call('POST', '/networks', { name: other, subnet })).toMatchObject(failure(400, 'subnet'));
    expect(await call('POST', '/networks', { name: other, labels })).toMatchObject({
      status: 201,
      body: { network: { dns_enabled: true } },
    });

    const container = uniqueContainerName();
    const request = { image: images.busybox, name: container, command: 'sleep 600', network: name };
    expect((await call('POST', '/containers', request)).status).toBe(201);
    const connected = await call('POST', `/networks/${other}/connect`, { container, aliases: ['db'] });
    expect(connected).toMatchObject({ status: 200, body: { network: { name: other, container, connected: true } } });
    expect(await call('POST', `/networks/${other}/connect`, { container })).toMatchObject(failure(409));
    expect((await call('GET', `/networks/${other}`)).field('network.containers')).toEqual([container]);
    expect(await call('DELETE', `/networks/${other}`)).toMatchObject(failure(409));

    const disconnected = await call('POST', `/networks/${other}/disconnect`, { container });
    expect(disconnected).toMatchObject({ status: 200, body: { network: { connected: false } } });
    expect(await call('POST', `/networks/${other}/disconnect`, { container })).toMatchObject(failure(409));
    expect((await callAllNodes(call, 'GET', `/networks?label=test=${name}&dangling=true`)).field('networks.0.name')).toBe(other);
    const pruned = await callAllNodes(call, 'POST', '/networks/prune', { label: [`test=${name}`] });
    expect(pruned).toMatchObject({ status: 200, body: { networks: [{ name: other, removed: true }] } });
    expect((await call('DELETE', `/containers/${container}?force=true`)).status).toBe(200);
    expect(await call('DELETE', `/networks/${name}`)).toMatchObject({ status: 200, body: { network: { name, removed: true } } });
    expect(await call('POST', `/networks/${name}/connect`, { container: 'no-such' })).toMatchObject(failure(404));
    expect(await call('DELETE', '/networks/podman')).toMatchObject(failure(409));
  });
});
