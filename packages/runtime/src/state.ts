import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder in the checkout for what the project finds out and keeps on this host: podman's settings,
 * Redis's data, the secret key. It is in no commit; deleting it loses the jobs and nothing else.
 */
export const stateFolder = fileURLToPath(new URL('../../../.podman-api/', import.meta.url));

/** The `containers.conf` that the set-up wrote where podman's defaults fail on this host. */
export const podmanSettingsFile = join(stateFolder, 'containers.conf');

/** The settings for podman's processes: those of the set-up, unless the user names others or none are needed. */
export function podmanSettings(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env['CONTAINERS_CONF'] === undefined && existsSync(podmanSettingsFile) ? podmanSettingsFile : undefined;
}
