import type { HttpClient } from '../http/http-client.ts';
import { path } from '../http/request.ts';
import type { CallOptions } from '../jobs/run-job.ts';
import type { Node } from '../types.ts';

/** Creates the calls for nodes, which are hosts with one podman each. */
export function createNodesApi(http: HttpClient) {
  const change = async (name: string, action: 'drain' | 'resume', { signal }: CallOptions = {}): Promise<Node> =>
    (await http.send<{ node: Node }>({ method: 'POST', path: path`/nodes/${name}/${action}`, body: {}, signal })).node;
  return {
    list: async ({ signal }: CallOptions = {}): Promise<readonly Node[]> =>
      (await http.send<{ nodes: readonly Node[] }>({ method: 'GET', path: '/nodes', signal })).nodes,
    get: async (name: string, { signal }: CallOptions = {}): Promise<Node> =>
      (await http.send<{ node: Node }>({ method: 'GET', path: path`/nodes/${name}`, signal })).node,
    /** Stops placing new containers on the node. */
    drain: (name: string, options?: CallOptions): Promise<Node> => change(name, 'drain', options),
    /** Places new containers on the node again. */
    resume: (name: string, options?: CallOptions): Promise<Node> => change(name, 'resume', options),
  };
}
