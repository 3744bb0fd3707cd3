// The first step of every command: it runs on any Node.js from 18 on, with nothing installed. It brings the npm
// packages, a current Node.js among them, and hands over to main.ts on that.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.podman-api-lock');
const node = join(modules, '.bin', 'node');

const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && existsSync(node);
if (!installed) {
  console.log('set-up: installing the npm packages, with a current Node.js among them (npm ci)');
  run('npm', ['ci', '--strict-allow-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}
const parts = process.argv.slice(2);
if (parts.length > 0) run(node, [join(root, 'setup', 'main.ts'), ...parts]);

/** Runs a program in the project's folder; where it fails, so does the set-up. */
function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`set-up: ${program} can't be run: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
