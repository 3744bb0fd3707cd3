import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import { type CallOptions, type ChangeOptions, readField, readFleetList, runJob } from '../jobs/run-job.ts';
import type {
  NodeQuery,
  PrunedVolume,
  PrunedVolumeList,
  RemovedVolume,
  ResourceQuery,
  Volume,
  VolumeCreateRequest,
  VolumeDetails,
  VolumeList,
} from '../types.ts';

/** Creates the calls for volumes, each of which belongs to one node. */
export function createVolumesApi(http: HttpClient) {
  return {
    create: (body: VolumeCreateRequest, options?: ChangeOptions): Promise<VolumeDetails> =>
      runJob(http, { method: 'POST', path: '/volumes', body }, options),
    /** Lists the volumes of all nodes, and the nodes that did not answer in time. */
    list: async (query: ResourceQuery = {}, options?: CallOptions): Promise<VolumeList> => {
      const { items, unreachable } = await readFleetList<'volumes', Volume>(
        http,
        { method: 'GET', path: '/volumes', query },
        'volumes',
        options,
      );
      return { volumes: items, unreachable };
    },
    inspect: (name: string, query: NodeQuery = {}, options?: CallOptions): Promise<VolumeDetails> =>
      readField(http, { method: 'GET', path: path`/volumes/${name}`, query }, 'volume', options),
    remove: (name: string, query: NodeQuery = {}, options?: ChangeOptions): Promise<RemovedVolume> =>
      runJob(http, { method: 'DELETE', path: path`/volumes/${name}`, query }, options),
    /** Removes the volumes that no container uses, on all nodes or on one. */
    prune: async (
      body: { readonly label?: readonly string[] } = {},
      query: NodeQuery = {},
      options?: CallOptions,
    ): Promise<PrunedVolumeList> => {
      const request = { method: 'POST', path: '/volumes/prune', body, query } as const;
      const { items, unreachable } = await readFleetList<'volumes', PrunedVolume>(http, request, 'volumes', options);
      return { volumes: items, unreachable };
    },
  };
}
