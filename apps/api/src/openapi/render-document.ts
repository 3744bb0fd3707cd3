import { operations } from '@podman-api/operations';
import { routes } from '../routes/routes.ts';
import { describeApi } from './document.ts';
import { documentRoute } from './serve.ts';

/** Returns the text of the OpenAPI document, which `npm run openapi` writes to `docs/openapi.json`. */
export function renderDocument(): string {
  return `${JSON.stringify(describeApi(operations, [...routes, documentRoute]), null, 2)}\n`;
}
