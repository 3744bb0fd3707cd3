import { readFileSync } from 'node:fs';
import { images, type SendRequest, type TestApi, type TestFleet, type TestNode } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { type BytesResponse, transfer } from '../transfers/transfer-client.ts';

/** Requests to a fleet, which go to its API processes in turn, and the routes that they were for. */
export interface FleetRoutes {
  readonly call: SendRequest;
  /** Like `call`. @throws Error if the request does not succeed */
  readonly send: SendRequest;
  /** Creates a container on a node, and returns its name. @param options for the create; default: one that sleeps */
  createOn(node: string, options?: object): Promise<string>;
  /** Sends a request whose body or response is bytes. */
  transfer(method: string, path: string, init?: RequestInit): Promise<BytesResponse>;
  /** Returns the URL of the next API process, for a request of another client. */
  urlFor(method: string, path: string): string;
  /** Returns the routes of the OpenAPI document that no request was for, such as `GET /nodes`. */
  missing(): readonly string[];
}

const documentUrl = new URL('../../../../docs/openapi.json', import.meta.url);
const basePath = '/api/v1';

/** Creates the requests of a test file. */
export function createFleetRoutes(fleet: TestFleet): FleetRoutes {
  const document: { readonly paths: Readonly<Record<string, object>> } = JSON.parse(readFileSync(documentUrl, 'utf8'));
  const routes = Object.entries(document.paths)
    .filter(([path]) => path.startsWith(`${basePath}/`))
    .flatMap(([path, methods]) =>
      ['get', 'post', 'put', 'delete'].filter(method => method in methods).map(method => describeRoute(method, path)),
    );
  const requested = new Set<string>();
  let count = 0;
  const next = (method: string, path: string): TestApi => {
    const [pathname = ''] = path.split('?');
    // The route of an exact path comes before one with a parameter.
    const matching = routes
      .filter(route => route.method === method && route.pattern.test(pathname))
      .sort((one, other) => one.parameters - other.parameters);
    if (matching[0]) requested.add(matching[0].name);
    count += 1;
    return fleet.apis[count % 2 === 0 ? 0 : 1];
  };
  const call: SendRequest = (method, path, ...rest) => next(method, path).call(method, path, ...rest);
  const send: SendRequest = async (method, path, ...rest) => {
    const response = await call(method, path, ...rest);
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(response.body)}`);
    return response;
  };
  return {
    call,
    send,
    async createOn(node, options = {}) {
      const name = uniqueContainerName();
      await send('POST', '/containers', { image: images.busybox, name, network: 'none', command: 'sleep 600', node, ...options });
      return name;
    },
    transfer: (method, path, init) => transfer(next(method, path).url, method, path, init),
    urlFor: (method, path) => next(method, path).url,
    missing: () => routes.map(({ name }) => name).filter(name => !requested.has(name)),
  };
}

function describeRoute(method: string, path: string) {
  const relative = path.slice(basePath.length);
  return {
    method: method.toUpperCase(),
    name: `${method.toUpperCase()} ${relative}`,
    pattern: new RegExp(`^${relative.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    parameters: relative.split('{').length,
  };
}

/** Returns a node of a fleet. @throws Error if there is none of that name */
export function nodeOf(fleet: TestFleet, name: string): TestNode {
  const node = fleet.nodes.find(one => one.name === name);
  if (!node) throw new Error(`there is no node ${name}`);
  return node;
}

/** Returns a value of podman's own inspect of a container on a node. @param template for `--format` */
export async function inspectOn(fleet: TestFleet, node: string, name: string, template: string): Promise<string> {
  return (await nodeOf(fleet, node).podman.run(['container', 'inspect', `--format=${template}`, '--', name])).trim();
}
