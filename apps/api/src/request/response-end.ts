import type { KoaContext } from '../context.ts';

/**
 * Calls a function, once, when the response has ended, or the client has disconnected: at once if that has happened already. A response
 * whose connection was taken over ends when that closes; Node.js emits no `close` on it.
 * @returns a function that removes the listener
 */
export function onResponseEnd({ req: { socket }, res }: Pick<KoaContext, 'req' | 'res'>, listener: () => void): () => void {
  // A response that is aborted emits `close` while its socket does, which still calls listeners that are removed meanwhile.
  let isOver = false;
  const remove = () => {
    isOver = true;
    res.off('close', end);
    socket.off('close', end);
  };
  const end = () => {
    if (isOver) return;
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
