import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Packs the client for machines without this repository, as a file that npm and npx take: `podman-api-<version>.tgz` in
 * the folder that is named, or else in this one. Node.js runs no TypeScript below node_modules, so it is JavaScript.
 */
const client = fileURLToPath(new URL('..', import.meta.url));
const { version, description, license }: Record<string, string> = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'));
const manifest = {
  name: 'podman-api',
  version,
  description,
  license,
  type: 'module',
  engines: { node: '>=22.18' },
  bin: { 'podman-api': 'bin/podman-api.mjs' },
  exports: { types: './src/index.d.ts', default: './src/index.js' },
  imports: { '#cli': './src/cli/main.js' },
};

const folder = mkdtempSync(join(tmpdir(), 'podman-api-pack-'));
try {
  execFileSync('tsc', ['--project', join(client, 'pack'), '--outDir', folder], { stdio: ['ignore', 2, 2] });
  cpSync(join(client, 'bin'), join(folder, 'bin'), { recursive: true });
  cpSync(join(client, 'generated'), join(folder, 'generated'), { recursive: true });
  cpSync(join(client, '../../LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(client, '../../docs/cli.md'), join(folder, 'README.md'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  execFileSync('npm', ['pack', '--silent', folder, '--pack-destination', process.argv[2] ?? '.'], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
