import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../host.ts';
import { send } from '../targets/http.ts';
import { command, image } from '../targets/target.ts';

/** A pool of the API that is measured. */
export interface MeasuredPool {
  /** Changes the number of idle containers. */
  resize(size: number): Promise<void>;
  /** Resolves when that many containers can be claimed. */
  waitForIdle(count: number): Promise<void>;
  /** Claims a container. @returns its id and whether it was ready */
  claim(name: string): Promise<{ readonly id: string; readonly warm: boolean }>;
  /** Removes the pool, and resolves when its idle containers are gone. */
  remove(): Promise<void>;
}

const pollIntervalMs = 200;

/** Declares a pool of the containers that the other targets create. */
export async function createPool({ url, token }: Host, name: string): Promise<MeasuredPool> {
  const { hostname, port } = new URL(url);
  const headers = { Authorization: `Bearer ${token}` };
  const call = async (method: string, path: string, body?: object) =>
    JSON.parse((await send({ hostname, port, method, path: `/api/v1${path}`, headers }, body)).toString());
  const resize = async (size: number) => {
    await call('PUT', `/pools/${name}`, { size, container: { image, command, network: 'none' } });
  };
  const listIdle = async (): Promise<readonly object[]> => (await call('GET', `/containers?pool=${name}`)).containers;
  await resize(0);
  return {
    resize,
    async waitForIdle(count) {
      while ((await call('GET', `/pools/${name}`)).pool.idle < count) await delay(pollIntervalMs);
    },
    claim: async container => (await call('POST', '/containers', { pool: name, name: container })).container,
    async remove() {
      await call('DELETE', `/pools/${name}`);
      while ((await listIdle()).length > 0) await delay(pollIntervalMs);
    },
  };
}
