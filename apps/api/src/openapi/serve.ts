import { basePath } from '../context.ts';
import { asset } from '../pages/page.ts';
import { serve } from '../pages/serve.ts';
import type { Route } from '../routes/route.ts';

const path = `${basePath}/openapi.json`;
/** Written by `npm run openapi`. A test compares it with the code. */
export const documentFile = new URL('../../../../docs/openapi.json', import.meta.url);

/**
 * `GET /openapi.json`. The document is a file: a process needs 0.4 to 1.8 s (measured) to describe all schemas, and answers nothing
 * else meanwhile.
 */
export const documentRoute: Route = {
  name: 'document.read',
  method: 'GET',
  path,
  summary: 'Returns this document',
  description: 'Contains nothing about the installation, so it needs no token.',
  scope: 'none',
  responses: { 200: { description: 'An OpenAPI 3.1 document.', body: { 'application/json': '{"openapi":"3.1.1"}' } } },
  handle: () => serve(asset(path, documentFile), []),
};
