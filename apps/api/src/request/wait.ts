import type { KoaContext } from '../context.ts';

/**
 * Returns a signal that is aborted when the timeout ends, when the process must stop, or when the client disconnects: a
 * job that nothing waits for need not start.
 */
export function startWait(ctx: KoaContext, timeoutSeconds: number, stopping: AbortSignal): AbortSignal {
  const wait = new AbortController();
  const end = () => wait.abort('over');
  const timer = setTimeout(end, timeoutSeconds * 1000);
  stopping.addEventListener('abort', end);
  ctx.res.once('close', () => {
    clearTimeout(timer);
    stopping.removeEventListener('abort', end);
    end();
  });
  if (stopping.aborted || ctx.res.destroyed) end();
  return wait.signal;
}
