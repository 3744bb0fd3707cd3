import { sharedService } from '@podman-api/testing';
import { uniqueNetworkName, uniqueVolumeName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiError, type Client, createClient } from '../src/index.ts';
import { sendToAllNodes } from './in-process.ts';

let client: Client;
beforeAll(() => {
  client = createClient({ url: sharedService().url });
});

describe('client.volumes', () => {
  it('creates, lists and removes a volume', async () => {
    const name = uniqueVolumeName();
    expect(await client.volumes.create({ name })).toMatchObject({ name, containers: [] });
    const listed = await sendToAllNodes(() => client.volumes.list({ name, dangling: true }));
    expect(listed).toMatchObject({ volumes: [{ name }], unreachable: [] });
    expect(await sendToAllNodes(() => client.volumes.prune({ label: [`test=${name}`] }))).toEqual({ volumes: [], unreachable: [] });
    expect(await client.volumes.remove(name)).toMatchObject({ name, removed: true });
  });
});

describe('client.networks', () => {
  it('creates, inspects and removes a network', async () => {
    const name = uniqueNetworkName();
    await client.networks.create({ name, internal: true });
    expect(await client.networks.inspect(name)).toMatchObject({ name, internal: true, containers: [] });
    await expect(client.networks.connect(name, { container: 'nowhere-to-be-seen' })).rejects.toThrow(ApiError);
    expect(await client.networks.remove(name)).toMatchObject({ name, removed: true });
  });
});
