import { randomBytes } from 'node:crypto';
import { callAllNodes, images, type TestFleet } from '@podman-api/testing';
import { expect } from 'vitest';

/**
 * Creates, lists, removes and lists again: no list may lack what was made before it was asked for, nor have what was
 * removed. The list comes from another API process than the change.
 */
export async function checkListsAfterChanges({ call, apis: [, other] }: TestFleet, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const name = `l-${randomBytes(5).toString('hex')}`;
    await call('GET', '/containers');
    expect((await call('POST', '/containers', { image: images.plain, network: 'none', command: 'sleep 600', name })).status).toBe(201);
    const listed = await callAllNodes(other.call, 'GET', `/containers?name=${name}`);
    expect(listed.field('containers.0.status')).toBe('running');
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
    expect((await callAllNodes(other.call, 'GET', `/containers?name=${name}`)).field('containers')).toEqual([]);
  }
}
