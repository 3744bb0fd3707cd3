import type { Operation } from '@podman-api/operations';
import { basePath } from '../context.ts';
import { failureResponses } from './failures.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { info, tags } from './info.ts';
import { template } from './names.ts';
import { describeOperation } from './operation.ts';
import { type Described, describeRoute } from './route.ts';
import type { Components, JsonObject } from './schema.ts';

/** Returns the OpenAPI 3.1 document of all operations and routes. */
export function describeApi(operations: readonly Operation[], routes: readonly Described[]): JsonObject {
  const components: Components = new Map();
  const paths: Record<string, Record<string, JsonObject>> = {};
  const add = (method: string, path: string, described: JsonObject) => {
    paths[template(path)] = { ...paths[template(path)], [method.toLowerCase()]: described };
  };
  for (const operation of operations) add(operation.method, basePath + operation.path, describeOperation(operation, components));
  for (const route of routes) add(route.method, route.path, describeRoute(route, components));
  const responses = failureResponses(components);
  return {
    openapi: '3.1.1',
    info,
    servers: [{ url: '/', description: 'The host of this document.' }],
    security: [{ bearer: [] }],
    tags,
    paths,
    components: {
      securitySchemes: { bearer },
      parameters: requestHeaders,
      headers: responseHeaders,
      responses,
      schemas: Object.fromEntries([...components].sort(([one], [other]) => (one < other ? -1 : 1))),
    },
  };
}

const bearer = {
  type: 'http',
  scheme: 'bearer',
  description: 'A token from `npm run token`. Until one was created, none is required and the API listens on loopback only.',
};
