import { sharedService, until } from '@podman-api/testing';
import { uniqueNetworkName, uniqueVolumeName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiError, type Client, createClient } from '../src/index.ts';

let client: Client;
beforeAll(() => {
  client = createClient({ url: sharedService().url });
});

/** Sends a request again until no node is missing: a worker that gets no CPU time for five seconds is unreachable, by design. */
function fromAllNodes<Result extends { readonly unreachable: readonly string[] }>(send: () => Promise<Result>): Promise<Result> {
  return until(async () => {
    const result = await send();
    return result.unreachable.length === 0 ? result : undefined;
  });
}

describe('client.volumes', () => {
  it('creates, lists and removes a volume', async () => {
    const name = uniqueVolumeName();
    expect(await client.volumes.create({ name })).toMatchObject({ name, containers: [] });
    const listed = await fromAllNodes(() => client.volumes.list({ name, dangling: true }));
    expect(listed).toMatchObject({ volumes: [{ name }], unreachable: [] });
    expect(await fromAllNodes(() => client.volumes.prune({ label: [`test=${name}`] }))).toEqual({ volumes: [], unreachable: [] });
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
