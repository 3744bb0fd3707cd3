import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse, type TomlTable } from 'smol-toml';

/**
 * Returns the host's settings files in the order in which podman reads them (containers.conf(5)); later ones win. Leaves out those that
 * do not exist or cannot be parsed.
 * @param env environment of podman
 */
export function findSettingsFiles(env: NodeJS.ProcessEnv): readonly string[] {
  const userFolder = env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  const main = ['/usr/share', '/etc', userFolder].map(folder => join(folder, 'containers/containers.conf'));
  return main.flatMap(path => [path, ...listDropIns(`${path}.d`)]).filter(path => readSettingsFile(path) !== undefined);
}

function listDropIns(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(name => name.endsWith('.conf'))
      .sort()
      .map(name => join(folder, name));
  } catch {
    return [];
  }
}

/** Returns the content of a settings file; `undefined` if it does not exist or cannot be parsed. */
export function readSettingsFile(path: string): TomlTable | undefined {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
