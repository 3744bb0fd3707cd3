import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import { type CallOptions, type ChangeOptions, readField, runJob } from '../jobs/run-job.ts';
import type { NodeQuery, PrunedVolume, RemovedVolume, ResourceQuery, VolumeCreateRequest, VolumeDetails, VolumeList } from '../types.ts';

/** Creates the calls for volumes, each of which belongs to one node. */
export function createVolumesApi(http: HttpClient) {
  return {
    create: (body: VolumeCreateRequest, options?: ChangeOptions): Promise<VolumeDetails> =>
      runJob(http, { method: 'POST', path: '/volumes', body }, options),
    /** Lists the volumes of all nodes, and the nodes that did not answer in time. */
    list: async (query: ResourceQuery = {}, { signal }: CallOptions = {}): Promise<VolumeList> => {
      const { volumes, unreachable = [] } = await http.send<Partial<VolumeList>>({ method: 'GET', path: '/volumes', query, signal });
      return { volumes: volumes ?? [], unreachable };
    },
    inspect: (name: string, query: NodeQuery = {}, options?: CallOptions): Promise<VolumeDetails> =>
      readField(http, { method: 'GET', path: path`/volumes/${name}`, query }, 'volume', options),
    remove: (name: string, query: NodeQuery = {}, options?: ChangeOptions): Promise<RemovedVolume> =>
      runJob(http, { method: 'DELETE', path: path`/volumes/${name}`, query }, options),
    /** Removes the volumes that no container uses, on all nodes or on one. Not repeated after an error. */
    prune: async (
      body: { readonly label?: readonly string[] } = {},
      query: NodeQuery = {},
      { signal }: CallOptions = {},
    ): Promise<readonly PrunedVolume[]> =>
      (await http.send<{ volumes: readonly PrunedVolume[] }>({ method: 'POST', path: '/volumes/prune', body, query, signal })).volumes,
  };
}
