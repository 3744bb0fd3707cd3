import type { KoaContext } from '../context.ts';

/** A wait that belongs to a request. */
export interface Wait {
  /** Aborted when the wait is over. */
  readonly signal: AbortSignal;
  /** Ends the wait; required only if it can be over before the response. */
  end(): void;
}

/** Parts of a request by which a wait notices that its client has disconnected. */
type Client = Pick<KoaContext, 'req' | 'res'>;

/**
 * Creates a wait that ends when the timeout expires, the process stops or the client disconnects: a job that nothing waits for need not
 * start.
 * @param client `undefined` if the wait goes on without the client. It does so also if the client's connection was taken over.
 */
export function createWait(client: Client | undefined, timeoutSeconds: number, stopping: AbortSignal): Wait {
  const wait = new AbortController();
  const end = () => {
    clearTimeout(timer);
    stopping.removeEventListener('abort', end);
    client?.res.off('close', end);
    wait.abort('over');
  };
  const timer = setTimeout(() => end(), timeoutSeconds * 1000);
  stopping.addEventListener('abort', end);
  client?.res.once('close', end);
  if (stopping.aborted || client?.res.closed || client?.req.socket.destroyed) end();
  return { signal: wait.signal, end };
}

/** Starts a wait of a request that responds when it is over; see `createWait`. */
export function startWait(client: Client, timeoutSeconds: number, stopping: AbortSignal): AbortSignal {
  return createWait(client, timeoutSeconds, stopping).signal;
}
