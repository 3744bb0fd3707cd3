import type { Client } from '../../../client.ts';
import { ApiError } from '../../../errors.ts';
import type { CreatedContainer } from '../../../types.ts';
import type { CommandContext } from '../../context.ts';
import { formatError } from '../../errors.ts';

/**
 * Time to live of the container of a `run --rm`, renewed while this program runs. It is longer than the minute for which a run
 * retries an unreachable API.
 */
export const renewedTtlSeconds = 300;

/**
 * Renews a container's time to live after each third of it, until stopped. Failures are ignored: one is harmless, and if the
 * API stays unreachable, following the command fails with an error.
 * @returns a function that stops the renewals
 */
export function renewPeriodically({ containers }: Pick<Client, 'containers'>, id: string, ttlSeconds: number): () => void {
  const timer = setInterval(() => containers.renew(id, { ttl: ttlSeconds }).catch(() => {}), (ttlSeconds * 1000) / 3).unref();
  return () => clearInterval(timer);
}

/**
 * Removes or stops a container. A failure is a message on stderr and does not change the exit code.
 * @returns whether the container still existed
 */
export async function removeOrStop(
  { id, name }: Pick<CreatedContainer, 'id' | 'name'>,
  action: 'remove' | 'stop',
  { api, progress, printMessage }: CommandContext,
): Promise<boolean> {
  progress.show(`${action === 'remove' ? 'removing' : 'stopping'} ${name}`);
  try {
    await (action === 'remove' ? api.containers.remove(id, { force: true }) : api.containers.stop(id, { timeout: 0 }));
  } catch (error) {
    if (error instanceof ApiError && (isNotFound(error) || (await isRemoved(id, api)))) return false;
    printMessage(
      `${name} was not ${action === 'remove' ? 'removed' : 'stopped'}: ${formatError(error)} Remove it with: podman-api rm --force ${name}`,
    );
  } finally {
    progress.clear();
  }
  return true;
}

/** Returns whether a container does not exist. During a removal podman fails with various errors, so the container is inspected. */
function isRemoved(id: string, { containers }: Client): Promise<boolean> {
  return containers.inspect(id).then(() => false, isNotFound);
}

function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
