import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import { type CallOptions, type ChangeOptions, readField, readFleetList, runJob } from '../jobs/run-job.ts';
import type {
  ConnectedContainer,
  DisconnectedContainer,
  Network,
  NetworkConnectRequest,
  NetworkCreateRequest,
  NetworkDetails,
  NetworkDisconnectRequest,
  NetworkList,
  NodeQuery,
  PrunedNetwork,
  PrunedNetworkList,
  RemovedNetwork,
  ResourceQuery,
} from '../types.ts';

/** Creates the calls for networks, each of which belongs to one node. */
export function createNetworksApi(http: HttpClient) {
  return {
    create: (body: NetworkCreateRequest, options?: ChangeOptions): Promise<NetworkDetails> =>
      runJob(http, { method: 'POST', path: '/networks', body }, options),
    /** Lists the networks of all nodes, and the nodes that did not answer in time. */
    list: async (query: ResourceQuery = {}, options?: CallOptions): Promise<NetworkList> => {
      const { items, unreachable } = await readFleetList<'networks', Network>(
        http,
        { method: 'GET', path: '/networks', query },
        'networks',
        options,
      );
      return { networks: items, unreachable };
    },
    inspect: (name: string, query: NodeQuery = {}, options?: CallOptions): Promise<NetworkDetails> =>
      readField(http, { method: 'GET', path: path`/networks/${name}`, query }, 'network', options),
    remove: (name: string, query: NodeQuery = {}, options?: ChangeOptions): Promise<RemovedNetwork> =>
      runJob(http, { method: 'DELETE', path: path`/networks/${name}`, query }, options),
    /** Removes the networks that no container uses, on all nodes or on one. */
    prune: async (
      body: { readonly label?: readonly string[] } = {},
      query: NodeQuery = {},
      options?: CallOptions,
    ): Promise<PrunedNetworkList> => {
      const request = { method: 'POST', path: '/networks/prune', body, query } as const;
      const { items, unreachable } = await readFleetList<'networks', PrunedNetwork>(http, request, 'networks', options);
      return { networks: items, unreachable };
    },
    /** Connects a container to a network of its node. */
    connect: (name: string, body: NetworkConnectRequest, options?: ChangeOptions): Promise<ConnectedContainer> =>
      runJob(http, { method: 'POST', path: path`/networks/${name}/connect`, body }, options),
    disconnect: (name: string, body: NetworkDisconnectRequest, options?: ChangeOptions): Promise<DisconnectedContainer> =>
      runJob(http, { method: 'POST', path: path`/networks/${name}/disconnect`, body }, options),
  };
}
