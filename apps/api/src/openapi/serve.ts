import { operations } from '@podman-api/operations';
import { basePath } from '../context.ts';
import type { Route } from '../routes/route.ts';
import { routes } from '../routes/routes.ts';
import { describeApi } from './document.ts';
import type { Described } from './route.ts';

const self: Described = {
  name: 'document.read',
  method: 'GET',
  path: `${basePath}/openapi.json`,
  summary: 'Returns this document',
  description: 'Contains nothing about the installation, so it needs no token.',
  scope: 'none',
  answers: { 200: { description: 'An OpenAPI 3.1 document.', body: { 'application/json': '{"openapi":"3.1.1"}' } } },
};

/** Returns the text of the document, which is also `docs/openapi.json`. */
export function documentText(): string {
  return `${JSON.stringify(describeApi(operations, [...routes, self]), null, 2)}\n`;
}

/** `GET /openapi.json`. */
export const documentRoute: Route = {
  ...self,
  handle: () => {
    let text: string | undefined;
    return ctx => {
      // Not at start-up: describing all schemas takes as long as loading the modules of the process.
      text ??= documentText();
      ctx.body = text;
      ctx.type = 'application/json';
    };
  },
};
