import { type Came, deviations } from './deviations.ts';

/** @throws Error where an answer is not as the API's document says */
export function conform(method: string, path: string, came: Came): void {
  const found = deviations(method, path, came);
  if (found.length === 0) return;
  const what = `${method} ${path} answered ${came.status} otherwise than docs/openapi.json says ("npm run openapi" writes it anew)`;
  throw new Error(`${what}:\n${found.join('\n')}\n${JSON.stringify(came.body).slice(0, 2000)}`);
}
