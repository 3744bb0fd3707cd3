import type { Context } from '../context.ts';

/**
 * A signal that ends a wait: when its time is over, when the process must end, and when the caller has gone away,
 * for a job that nobody waits for need not start.
 * @param timeout in seconds
 */
export function beginWait(ctx: Context, timeout: number, stopping: AbortSignal): AbortSignal {
  const wait = new AbortController();
  const end = () => wait.abort('over');
  const timer = setTimeout(end, timeout * 1000);
  stopping.addEventListener('abort', end);
  ctx.res.once('close', () => {
    clearTimeout(timer);
    stopping.removeEventListener('abort', end);
    end();
  });
  if (stopping.aborted || ctx.res.destroyed) end();
  return wait.signal;
}
