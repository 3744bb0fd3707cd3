import { findDeviations, type ReceivedResponse } from './deviations.ts';

/** Compares a response with docs/openapi.json. @throws Error with all deviations, if there are any */
export function assertConforms(method: string, path: string, response: ReceivedResponse): void {
  const deviations = findDeviations(method, path, response);
  if (deviations.length === 0) return;
  const summary = `${method} ${path}: the response ${response.status} does not match docs/openapi.json; fix the code, or update the document with "npm run openapi"`;
  throw new Error(`${summary}:\n${deviations.join('\n')}\n${JSON.stringify(response.body).slice(0, 2000)}`);
}
