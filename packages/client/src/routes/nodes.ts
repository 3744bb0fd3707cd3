import { path } from '../http/call.ts';
import type { Http } from '../http/http.ts';
import type { CallOptions } from '../jobs/perform.ts';
import type { Node } from '../types.ts';

/** Everything about nodes: hosts with one podman each. */
export function nodesOf(http: Http) {
  const change = async (name: string, change: 'drain' | 'resume', { signal }: CallOptions = {}): Promise<Node> =>
    (await http.send<{ node: Node }>({ method: 'POST', path: path`/nodes/${name}/${change}`, body: {}, signal })).node;
  return {
    list: async ({ signal }: CallOptions = {}): Promise<readonly Node[]> =>
      (await http.send<{ nodes: readonly Node[] }>({ method: 'GET', path: '/nodes', signal })).nodes,
    get: async (name: string, { signal }: CallOptions = {}): Promise<Node> =>
      (await http.send<{ node: Node }>({ method: 'GET', path: path`/nodes/${name}`, signal })).node,
    /** A draining node gets no new containers. */
    drain: (name: string, options?: CallOptions): Promise<Node> => change(name, 'drain', options),
    resume: (name: string, options?: CallOptions): Promise<Node> => change(name, 'resume', options),
  };
}
