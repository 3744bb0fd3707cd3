import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder in the checkout for what the project finds out and keeps on this host; it is in no commit. */
export const checkoutState = fileURLToPath(new URL('../../../.podman-api', import.meta.url));

/** The state folder that an environment names, see `STATE_DIR`. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env['STATE_DIR'] || checkoutState;
}

/** Where the set-up writes a `containers.conf` if podman's defaults fail on this host. */
export function podmanSettingsFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(stateFolder(env), 'containers.conf');
}

/** The settings for podman's processes: those of the set-up, unless the user names others or none are needed. */
export function podmanSettings(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const file = podmanSettingsFile(env);
  return env['CONTAINERS_CONF'] === undefined && existsSync(file) ? file : undefined;
}
