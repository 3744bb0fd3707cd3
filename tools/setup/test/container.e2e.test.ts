import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '@podman-api/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const containerFails = 'echo "Error: the runtime is broken" >&2; exit 126';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Sets up podman on a host whose podman has no image yet. @param run shell commands in place of `podman run` */
async function setUp(run: string, env: Record<string, string> = {}) {
  const image = join(folder, 'image');
  const script = `#!/bin/sh
    case "$1" in
      --version) echo 'podman version 5.4.2' ;;
      image) test -e '${image}' ;;
      import) cat >'${image}' ;;
      run) ${run} ;;
    esac\n`;
  writeFileSync(join(folder, 'podman'), script, { mode: 0o755 });
  const path = [folder, process.env['PATH']].join(delimiter);
  const child = startChild(process.execPath, [main, 'podman'], { PATH: path, STATE_DIR: join(folder, 'state'), ...env });
  return { code: await child.ended, output: child.output() };
}

describe('the set-up of podman', () => {
  it('keeps the settings that a running service uses if it finds no better ones', async () => {
    mkdirSync(join(folder, 'state'));
    writeFileSync(join(folder, 'state/containers.conf'), '# working\n');

    expect(await setUp(containerFails)).toMatchObject({ code: 1, output: expect.stringContaining('the runtime is broken') });
    expect(readdirSync(join(folder, 'state'))).toEqual(['containers.conf']);
    expect(readFileSync(join(folder, 'state/containers.conf'), 'utf8')).toBe('# working\n');
  });

  it("fails if no container runs with the user's CONTAINERS_CONF", async () => {
    const conf = join(folder, 'containers.conf');
    writeFileSync(conf, '');
    const { code, output } = await setUp(containerFails, { CONTAINERS_CONF: conf });
    expect(code).toBe(1);
    expect(output).toContain('a container does not run: the runtime is broken');
    expect(output).toContain('CONTAINERS_CONF');
  });

  it("succeeds in a new folder if a container runs with the user's CONTAINERS_CONF", async () => {
    const conf = join(folder, 'containers.conf');
    writeFileSync(conf, '');
    expect(await setUp("echo 'it runs'", { CONTAINERS_CONF: conf })).toMatchObject({ code: 0 });
  });
});
