import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Default of `STATE_DIR`: a folder in the checkout that git ignores. */
export const defaultStateDir = fileURLToPath(new URL('../../../.podman-api', import.meta.url));

/** Returns `STATE_DIR` of an environment, or its default. */
export function resolveStateDir(env: NodeJS.ProcessEnv = process.env): string {
  return env['STATE_DIR'] || defaultStateDir;
}

/** Returns the path of the `containers.conf` that the set-up writes if podman's defaults fail on this host. */
export function getPodmanSettingsPath(env: NodeJS.ProcessEnv = process.env): string {
  return join(resolveStateDir(env), 'containers.conf');
}

/** Returns the path of the set-up's `containers.conf`; `undefined` if there is none or the user has set CONTAINERS_CONF. */
export function findPodmanSettings(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const file = getPodmanSettingsPath(env);
  return env['CONTAINERS_CONF'] === undefined && existsSync(file) ? file : undefined;
}
