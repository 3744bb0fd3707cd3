import type { Idempotency } from '@podman-api/jobs';
import { type Operation, validationError } from '@podman-api/operations';
import type { Context } from '../context.ts';

/**
 * Reads the `Idempotency-Key` of a POST or DELETE; a GET needs none.
 * @throws ApiError (400) where it is not of 1 to 255 printable ASCII characters
 */
export function readIdempotency(ctx: Context, operation: Operation, input: object): Idempotency | undefined {
  const key = ctx.get('Idempotency-Key');
  if (ctx.request.headers['idempotency-key'] === undefined || operation.method === 'GET') return undefined;
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw validationError([{ path: 'Idempotency-Key', message: 'Idempotency-Key must be 1 to 255 printable ASCII characters' }]);
  }
  // Each token has keys of its own: nobody gets the answer to another's request.
  return { key: `${ctx.state.token?.name ?? ''} ${key}`, request: `${operation.name} ${ordered(input)}` };
}

/** JSON with the fields of every object in the order of their names: equal inputs are equal texts. */
function ordered(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
