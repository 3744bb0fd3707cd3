import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultStateDir } from '@podman-api/runtime';
import { writeReport } from './report.ts';

/**
 * `npm run coverage [-- arguments of Vitest]`: runs the quick suite and measures which lines of the apps and packages run in
 * the tests and in all processes that they start.
 */

const folder = join(defaultStateDir, 'coverage');
const raw = join(folder, 'raw');
rmSync(folder, { recursive: true, force: true });
mkdirSync(raw, { recursive: true });

// Functions from the compile cache would be counted imprecisely, see "Module compile cache" in the documentation of Node.js.
const { NODE_COMPILE_CACHE: _, ...env } = process.env;
const projects = ['unit', 'integration', 'e2e'].flatMap(name => ['--project', name]);
// Its generated modules import each other without extensions, which Node.js itself does not resolve.
const exclude = '--exclude=**/generated-client.e2e.test.ts';
// As Node.js itself loads the files, with offsets that are those of the sources.
const modules = '--experimental.viteModuleRunner=false';
const vitest = spawn('vitest', ['run', modules, exclude, ...projects, ...process.argv.slice(2)], {
  env: { ...env, NODE_V8_COVERAGE: raw },
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to Vitest too.
process.on('SIGINT', () => {});
process.on('SIGTERM', signal => vitest.kill(signal));
const [status]: unknown[] = await once(vitest, 'exit');
await writeReport(raw, folder);
rmSync(raw, { recursive: true });
process.stdout.write(`Every file: ${join(folder, 'index.html')}\n`);
process.exit(status === 0 ? 0 : 1);
