import { createSingleFlight, rejectOnAbort } from '@podman-api/runtime';
import type { RunToString } from '../capture/capture-stdout.ts';
import { inspectPath, type Query } from '../service/podman-service.ts';

/** See `Podman.inspect`. */
type Inspect = (container: string, options?: { readonly signal?: AbortSignal }) => Promise<string>;

/**
 * Returns the function for `Podman.inspect`. Concurrent callers for the same container share an answer that was read after they
 * have called: a hundred clients that open its log cause two podman processes.
 * @param run has a time limit, because several callers may wait for it
 */
export function createInspect(query: Query, run: RunToString): Inspect {
  const singleFlight = createSingleFlight<string>();
  const read = async (container: string): Promise<string> => {
    const answer = await query(inspectPath(container));
    if (answer !== undefined) return answer;
    const [entry]: unknown[] = JSON.parse(await run(['container', 'inspect', '--', container]));
    if (entry === undefined) throw new Error('podman container inspect printed an empty list');
    return JSON.stringify(entry);
  };
  return async (container, { signal } = {}) => {
    signal?.throwIfAborted();
    const answer = singleFlight(container, () => read(container));
    return signal ? rejectOnAbort(answer, signal, () => signal.reason) : answer;
  };
}
