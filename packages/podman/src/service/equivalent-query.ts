import type { Query, QueryOptions } from './podman-service.ts';

/** A request to podman's service that has the same answer as a command. */
export interface EquivalentQuery {
  /** Path in podman's own API below `/libpod`. */
  readonly path: string;
  /** Returns the output that the command would print. @throws any error if the answer has another form than expected */
  toOutput(body: string): string;
}

/**
 * Queries podman's service instead of running a command.
 * @returns the output that the command would print; `undefined` if the service has no answer, or one of another form than expected:
 *   run the command then
 * @throws the reason of the signal
 */
export async function queryOutput(
  query: Query,
  { path, toOutput }: EquivalentQuery,
  options: QueryOptions = {},
): Promise<string | undefined> {
  const body = await query(path, options);
  try {
    return body === undefined ? undefined : toOutput(body);
  } catch {
    return undefined;
  }
}
