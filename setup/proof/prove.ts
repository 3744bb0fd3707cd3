import { asApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { proofImage } from './image.ts';

/** How long a container may take to run `true`, in ms. */
const patience = 30_000;

/**
 * Runs a container, with the default network, an exit code and all.
 * @returns podman's words where it does not run
 */
export async function prove(podman: Podman): Promise<string | undefined> {
  const signal = AbortSignal.timeout(patience);
  try {
    const said = await podman.run(['run', '--rm', '--pull=never', '--', proofImage, 'echo', 'it runs'], { signal });
    return said === 'it runs\n' ? undefined : `the container wrote ${JSON.stringify(said)}`;
  } catch (error) {
    return signal.aborted ? `no answer within ${patience / 1000} s` : (asApiError(error).fields.podman ?? String(error));
  }
}
