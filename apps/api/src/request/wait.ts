import type { KoaContext } from '../context.ts';
import { onResponseEnd } from './response-end.ts';

/** A wait of a request for something. */
export interface Wait {
  /** Aborted when the wait is over. */
  readonly signal: AbortSignal;
  /** Ends the wait; required only if the response goes on after it. */
  end(): void;
}

/**
 * Starts a wait that is over when the timeout ends, when the process must stop, or when the client disconnects: a job that nothing waits
 * for need not start.
 */
export function createWait(ctx: Pick<KoaContext, 'req' | 'res'>, timeoutSeconds: number, stopping: AbortSignal): Wait {
  const wait = new AbortController();
  const end = () => {
    clearTimeout(timer);
    stopping.removeEventListener('abort', end);
    removeListener();
    wait.abort('over');
  };
  const timer = setTimeout(() => end(), timeoutSeconds * 1000);
  let removeListener = () => {};
  stopping.addEventListener('abort', end);
  if (stopping.aborted) end();
  else removeListener = onResponseEnd(ctx, end);
  return { signal: wait.signal, end };
}

/** Starts a wait of a request that answers when the wait is over; see `createWait`. */
export function startWait(ctx: Pick<KoaContext, 'req' | 'res'>, timeoutSeconds: number, stopping: AbortSignal): AbortSignal {
  return createWait(ctx, timeoutSeconds, stopping).signal;
}
