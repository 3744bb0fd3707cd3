import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { testFolder } from './storage.ts';

/** Folder into which the set-up unpacks Debian's package if the plugin is not installed. */
export const dockerComposeFolder = join(testFolder, 'docker-compose');

/** Folders of plugins of Docker's command line, by Debian, Ubuntu and Docker's own packages. */
const pluginFolders = ['usr/libexec/docker/cli-plugins', 'usr/lib/docker/cli-plugins'];

/** Returns the path of the Compose plugin of Docker's command line; `undefined` if it is missing. The one that the set-up has installed is preferred. */
export function findDockerCompose(): string | undefined {
  return [dockerComposeFolder, '/', '/usr/local/lib/docker/cli-plugins']
    .flatMap(root => [...pluginFolders.map(folder => join(root, folder, 'docker-compose')), join(root, 'docker-compose')])
    .find(path => existsSync(path));
}
