import type { KoaContext } from '../context.ts';

/** A wait with a time limit, on behalf of a request. */
export interface Wait {
  /** Aborted when the wait is over. */
  readonly signal: AbortSignal;
  /** Ends the wait. Required if the response can continue after the wait is no longer needed. */
  end(): void;
}

/** The parts of a request that report that its client has disconnected. */
type Client = Pick<KoaContext, 'req' | 'res'>;

/**
 * Creates a wait that ends when the timeout expires, the process stops or the client disconnects: a job that nothing waits for need not
 * start.
 * @param client `undefined` if the wait continues after the client disconnects. A wait also continues after the client's connection was
 * taken over, because `res` then emits no `close`.
 */
export function createWait(client: Client | undefined, timeoutSeconds: number, stopping: AbortSignal): Wait {
  const wait = new AbortController();
  const end = () => {
    clearTimeout(timer);
    stopping.removeEventListener('abort', end);
    client?.res.off('close', end);
    wait.abort('over');
  };
  const timer = setTimeout(end, timeoutSeconds * 1000);
  stopping.addEventListener('abort', end);
  client?.res.once('close', end);
  if (stopping.aborted || client?.res.closed || client?.req.socket.destroyed) end();
  return { signal: wait.signal, end };
}

/** Returns the signal of a wait that needs no explicit end, because the response ends right after it; see `createWait`. */
export function startWait(client: Client, timeoutSeconds: number, stopping: AbortSignal): AbortSignal {
  return createWait(client, timeoutSeconds, stopping).signal;
}
