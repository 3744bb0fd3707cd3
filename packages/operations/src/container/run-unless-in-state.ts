import type { Podman } from '@podman-api/podman';
import { failedFor } from './failed-for.ts';

/**
 * Runs a podman command that changes a container's state. Podman refuses it for a container that has that state already, which
 * counts as success here.
 * @param args podman's arguments; the container is the last one
 * @param state the state after the command, as podman names it
 * @throws ApiError made of podman's error message
 */
export async function runUnlessInState(podman: Podman, args: readonly string[], state: string, signal: AbortSignal): Promise<void> {
  try {
    await podman.run(args, { signal });
  } catch (error) {
    if (!failedFor('bad-state', error) && !failedFor('not-running', error)) throw error;
    const name = args.at(-1) ?? '';
    const found = await podman.run(['container', 'inspect', '--format={{.State.Status}}', '--', name], { signal });
    if (found.trim() !== state) throw error;
  }
}
