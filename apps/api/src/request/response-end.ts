import type { KoaContext } from '../context.ts';

/**
 * Calls the listener once, when the response has ended or the client has disconnected; immediately if that has already happened. If the
 * connection was taken over, waits for its socket, because Node.js emits no `close` on the response.
 * @returns a function that removes the listener
 */
export function onResponseEnd({ req: { socket }, res }: Pick<KoaContext, 'req' | 'res'>, listener: () => void): () => void {
  // On an aborted response, `close` is emitted inside the socket's `close` event, which still calls listeners removed meanwhile.
  let isDone = false;
  const remove = () => {
    isDone = true;
    res.off('close', end);
    socket.off('close', end);
  };
  const end = () => {
    if (isDone) return;
    remove();
    listener();
  };
  if (res.closed || socket.destroyed) listener();
  else {
    res.once('close', end);
    socket.once('close', end);
  }
  return remove;
}
