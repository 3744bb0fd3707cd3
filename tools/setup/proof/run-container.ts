import { toApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { proofImage } from './image.ts';

/** Time limit for running `echo` in a container, also on a host whose cores are all busy. */
const proofTimeoutMs = 60_000;

/**
 * Runs a container on the default network.
 * @returns podman's error if it does not run, else `undefined`
 */
export async function runProofContainer(podman: Podman): Promise<string | undefined> {
  const signal = AbortSignal.timeout(proofTimeoutMs);
  try {
    const output = await podman.run(['run', '--rm', '--pull=never', '--', proofImage, 'echo', 'it runs'], { signal });
    return output === 'it runs\n' ? undefined : `the container printed ${JSON.stringify(output)}`;
  } catch (error) {
    return signal.aborted ? `no answer within ${proofTimeoutMs / 1000} s` : (toApiError(error).fields.podman ?? String(error));
  }
}
