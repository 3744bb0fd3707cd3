// The first step of the npm scripts. It runs on any Node.js from 18 on, with nothing installed: it installs the packages
// that the project needs from the system and from npm, then hands over to main.ts, which runs on the Node.js of the npm
// packages.
//
// Usage: node tools/setup/setup.mjs [--no-install] [--doctor] [podman] [redis] [tests]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install } from './system/install.mjs';
import { checkNpmPackages, checkout, ownNode } from './system/npm-packages.mjs';
import { log, SetupError } from './system/run.mjs';

const args = process.argv.slice(2);
const isDoctor = args.includes('--doctor');
// npm 7 to 11 turns its unknown flag --no-install into an empty variable.
const mayInstall = !(args.includes('--no-install') || ['', 'false'].includes(process.env['npm_config_install'] ?? 'true'));
const groups = args
  .filter(arg => !arg.startsWith('--'))
  // With a Redis elsewhere only the tests need one here.
  .filter(group => group !== 'redis' || !process.env['REDIS_URL'] || args.includes('tests'));

try {
  if (isDoctor) checkNpmPackages();
  else install(groups, mayInstall);
  if (isDoctor) handOver(['--doctor']);
  else if (groups.length > 0) handOver([...(mayInstall ? [] : ['--no-install']), ...groups]);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  log(error.message);
  log(error.remedy);
  process.exitCode = 1;
}

/** @param {readonly string[]} rest arguments for main.ts */
function handOver(rest) {
  const { status } = spawnSync(ownNode, [join(checkout, 'tools/setup/main.ts'), ...rest], { cwd: checkout, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
