import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import type { CallOptions } from '../jobs/run-job.ts';
import type { Pool, PoolRequest, RemovedPool } from '../types.ts';

/** Creates the calls for warm pools. `containers.create({ pool })` takes a container of one. */
export function createPoolsApi(http: HttpClient) {
  return {
    /** Lists the pools, by name. */
    list: async ({ signal }: CallOptions = {}): Promise<readonly Pool[]> =>
      (await http.send<{ pools: readonly Pool[] }>({ method: 'GET', path: '/pools', signal })).pools,
    inspect: async (name: string, { signal }: CallOptions = {}): Promise<Pool> =>
      (await http.send<{ pool: Pool }>({ method: 'GET', path: path`/pools/${name}`, signal })).pool,
    /** Declares a pool, or changes it. Its nodes fill it in the background. */
    put: async (name: string, body: PoolRequest, { signal }: CallOptions = {}): Promise<Pool> =>
      (await http.send<{ pool: Pool }>({ method: 'PUT', path: path`/pools/${name}`, body, signal })).pool,
    /** Removes a pool; its nodes remove the idle containers in the background. */
    remove: async (name: string, { signal }: CallOptions = {}): Promise<RemovedPool> =>
      (await http.send<{ pool: RemovedPool }>({ method: 'DELETE', path: path`/pools/${name}`, signal })).pool,
  };
}
