import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import source from '../package.json' with { type: 'json' };
import { createManifest } from './manifest.ts';

/**
 * `npm run pack:cli [-- FOLDER]`: writes the package that is published, `podman-api-cli-<version>.tgz`, into a folder.
 * Default: the current one. The sources are compiled, because Node.js runs no TypeScript below node_modules.
 */
const client = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'podman-api-pack-'));
try {
  execFileSync('tsc', ['--project', join(client, 'pack'), '--outDir', folder], { stdio: ['ignore', 2, 2] });
  cpSync(join(client, 'bin'), join(folder, 'bin'), { recursive: true });
  cpSync(join(client, 'generated'), join(folder, 'generated'), { recursive: true });
  cpSync(join(client, '../../LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(client, '../../docs/cli.md'), join(folder, 'README.md'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(createManifest(source, process.env), null, 2)}\n`);
  execFileSync('npm', ['pack', '--silent', folder, '--pack-destination', process.argv[2] ?? '.'], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
