import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import { type CallOptions, type ChangeOptions, readField, runJob } from '../jobs/run-job.ts';
import type {
  ConnectedContainer,
  DisconnectedContainer,
  NetworkConnectRequest,
  NetworkCreateRequest,
  NetworkDetails,
  NetworkDisconnectRequest,
  NetworkList,
  NodeQuery,
  PrunedNetwork,
  RemovedNetwork,
  ResourceQuery,
} from '../types.ts';

/** Creates the calls for networks, each of which belongs to one node. */
export function createNetworksApi(http: HttpClient) {
  return {
    create: (body: NetworkCreateRequest, options?: ChangeOptions): Promise<NetworkDetails> =>
      runJob(http, { method: 'POST', path: '/networks', body }, options),
    /** Lists the networks of all nodes, and the nodes that did not answer in time. */
    list: async (query: ResourceQuery = {}, { signal }: CallOptions = {}): Promise<NetworkList> => {
      const { networks, unreachable = [] } = await http.send<Partial<NetworkList>>({ method: 'GET', path: '/networks', query, signal });
      return { networks: networks ?? [], unreachable };
    },
    inspect: (name: string, query: NodeQuery = {}, options?: CallOptions): Promise<NetworkDetails> =>
      readField(http, { method: 'GET', path: path`/networks/${name}`, query }, 'network', options),
    remove: (name: string, query: NodeQuery = {}, options?: ChangeOptions): Promise<RemovedNetwork> =>
      runJob(http, { method: 'DELETE', path: path`/networks/${name}`, query }, options),
    /** Removes the networks that no container uses, on all nodes or on one. Not repeated after an error. */
    prune: async (
      body: { readonly label?: readonly string[] } = {},
      query: NodeQuery = {},
      { signal }: CallOptions = {},
    ): Promise<readonly PrunedNetwork[]> =>
      (await http.send<{ networks: readonly PrunedNetwork[] }>({ method: 'POST', path: '/networks/prune', body, query, signal })).networks,
    /** Connects a container to a network of its node. */
    connect: (name: string, body: NetworkConnectRequest, options?: ChangeOptions): Promise<ConnectedContainer> =>
      runJob(http, { method: 'POST', path: path`/networks/${name}/connect`, body }, options),
    disconnect: (name: string, body: NetworkDisconnectRequest, options?: ChangeOptions): Promise<DisconnectedContainer> =>
      runJob(http, { method: 'POST', path: path`/networks/${name}/disconnect`, body }, options),
  };
}
