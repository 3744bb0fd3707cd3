import type { Podman } from '@podman-api/podman';

/**
 * Returns the status of a container as podman names it, such as `running`, `paused` or `exited`.
 * @throws ApiError (404) if there is no such container
 */
export async function readStatus(podman: Podman, name: string, signal?: AbortSignal): Promise<string> {
  const options = signal && { signal };
  return (await podman.run(['container', 'inspect', '--format={{.State.Status}}', '--', name], options)).trim();
}
