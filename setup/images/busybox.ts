import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run.ts';
import { sourceOptions } from './apt-source.ts';

/** Linked statically, with its own crypt(3); its `tc` does not compile with newer kernels' headers. */
const options: Readonly<Record<string, boolean>> = { STATIC: true, USE_BB_CRYPT: true, TC: false };

/**
 * Builds a BusyBox with all applets from Debian's source: Debian's own package lacks `adduser` and `chpasswd`.
 * @param executable where it is to be
 */
export function buildBusybox(executable: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-busybox-'));
  try {
    const apt = sourceOptions(folder);
    must('apt-get', [...apt, '--quiet', 'update'], folder);
    must('apt-get', [...apt, '--quiet', '--download-only', 'source', 'busybox'], folder);
    const source = readdirSync(folder).find(name => name.includes('.orig.tar.'));
    must('tar', ['--extract', '--strip-components=1', '--one-top-level=source', '--file', source ?? 'the source of busybox'], folder);
    const tree = join(folder, 'source');
    must('make', ['defconfig'], tree);
    configure(join(tree, '.config'));
    must('make', [`--jobs=${availableParallelism()}`, 'busybox'], tree);
    copyFileSync(join(tree, 'busybox'), executable);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configure(file: string): void {
  const kept = readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => !Object.keys(options).some(name => line.includes(`CONFIG_${name} `) || line.startsWith(`CONFIG_${name}=`)));
  const ours = Object.entries(options).map(([name, on]) => (on ? `CONFIG_${name}=y` : `# CONFIG_${name} is not set`));
  writeFileSync(file, `${[...kept, ...ours].join('\n')}\n`);
}

function must(program: string, args: readonly string[], cwd: string): void {
  const { ok, output } = run('env', ['--chdir', cwd, program, ...args]);
  if (!ok) throw new Error(`${program} failed: ${output.split('\n').slice(-5).join('\n')}`);
}
