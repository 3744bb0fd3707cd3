import type { Operation } from '@podman-api/operations';
import { basePath } from '../context.ts';
import { failureResponses } from './failures.ts';
import { answerHeaders, requestHeaders } from './headers.ts';
import { info, tags } from './info.ts';
import { describeOperation } from './operation.ts';
import { type Described, describeRoute } from './route.ts';
import type { Components, Json } from './schema.ts';
import { template } from './words.ts';

/** The API's document (OpenAPI 3.1) of all operations and routes. */
export function describeApi(operations: readonly Operation[], routes: readonly Described[]): Json {
  const components: Components = new Map();
  const paths: Record<string, Record<string, Json>> = {};
  const add = (method: string, path: string, described: Json) => {
    paths[template(path)] = { ...paths[template(path)], [method.toLowerCase()]: described };
  };
  for (const operation of operations) add(operation.method, basePath + operation.path, describeOperation(operation, components));
  for (const route of routes) add(route.method, route.path, describeRoute(route, components));
  const responses = failureResponses(components);
  return {
    openapi: '3.1.1',
    info,
    servers: [{ url: '/', description: 'Where this document is.' }],
    security: [{ bearer: [] }],
    tags,
    paths,
    components: {
      securitySchemes: { bearer },
      parameters: requestHeaders,
      headers: answerHeaders,
      responses,
      schemas: Object.fromEntries([...components].sort(([one], [other]) => (one < other ? -1 : 1))),
    },
  };
}

const bearer = {
  type: 'http',
  scheme: 'bearer',
  description: 'A token that `npm run token` made. Until there is one the API asks for none, and answers on loopback alone.',
};
