import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSourceOptions } from './apt-source.ts';
import { runOrThrow } from './run-or-throw.ts';

/** Links statically, with BusyBox's own crypt(3). Its `tc` does not compile with the headers of newer kernels. */
const options: Readonly<Record<string, boolean>> = { STATIC: true, USE_BB_CRYPT: true, TC: false };

/**
 * Builds a BusyBox with all applets from Debian's source: Debian's own package lacks `adduser` and `chpasswd`.
 * @param executable path of the result
 */
export function buildBusybox(executable: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-busybox-'));
  try {
    const apt = createSourceOptions(folder);
    runOrThrow('apt-get', [...apt, '--quiet', 'update'], folder);
    runOrThrow('apt-get', [...apt, '--quiet', '--download-only', 'source', 'busybox'], folder);
    const source = readdirSync(folder).find(name => name.includes('.orig.tar.'));
    runOrThrow('tar', ['--extract', '--strip-components=1', '--one-top-level=source', '--file', source ?? 'the source of busybox'], folder);
    const tree = join(folder, 'source');
    runOrThrow('make', ['defconfig'], tree);
    configure(join(tree, '.config'));
    runOrThrow('make', [`--jobs=${availableParallelism()}`, 'busybox'], tree);
    copyFileSync(join(tree, 'busybox'), executable);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configure(file: string): void {
  const others = readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => !Object.keys(options).some(name => line.includes(`CONFIG_${name} `) || line.startsWith(`CONFIG_${name}=`)));
  const own = Object.entries(options).map(([name, on]) => (on ? `CONFIG_${name}=y` : `# CONFIG_${name} is not set`));
  writeFileSync(file, `${[...others, ...own].join('\n')}\n`);
}
