import type { Idempotency } from '@podman-api/jobs';
import { type Operation, validationError } from '@podman-api/operations';
import type { KoaContext } from '../context.ts';

/**
 * Reads the `Idempotency-Key` of a POST or DELETE; a GET needs none.
 * @throws ApiError (400) if it is not 1 to 255 printable ASCII characters
 */
export function readIdempotency(ctx: KoaContext, operation: Pick<Operation, 'name' | 'method'>, input: object): Idempotency | undefined {
  const key = ctx.get('Idempotency-Key');
  if (ctx.request.headers['idempotency-key'] === undefined || operation.method === 'GET') return undefined;
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw validationError([{ path: 'Idempotency-Key', message: 'Idempotency-Key must be 1 to 255 printable ASCII characters' }]);
  }
  // Keys are separate for each token, so that no caller gets the response to another's request.
  return { key: `${ctx.state.token?.name ?? ''} ${key}`, request: `${operation.name} ${sortFields(input)}` };
}

/** Returns JSON with sorted fields, so that equal inputs give equal strings. */
function sortFields(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
