import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, startChild, startFleet } from '@podman-api/testing';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const has = (program: string) => spawnSync(program, ['-v']).error === undefined;

test('the commands of docs/fleet.md do what stands beside them', async () => {
  const fleet = await startFleet({ 'host-1': { NODE_LABELS: 'zone=a' }, 'host-7': { NODE_LABELS: 'zone=b' } });
  try {
    const [, part = ''] = /<!-- commands.*-->([\s\S]*?)<!-- \/commands -->/.exec(readFileSync(`${root}docs/fleet.md`, 'utf8')) ?? [];
    const blocks = [...part.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    const commands = blocks.join('').replaceAll('localhost/podman-api/busybox', images.plain);
    const shell = startChild('sh', ['-ec', `api=${fleet.apis[0].url}/api/v1; json='Content-Type: application/json'\n${commands}`]);
    expect(await shell.ended, shell.output()).toBe(0);
    const output = shell.output();
    expect(output).not.toContain('"success":false');
    for (const text of ['"status":"draining"', '"status":"ready"', '"node":"host-7"', '"expires_at":"2', '"unreachable":[]']) {
      expect(output).toContain(text);
    }
  } finally {
    await fleet.stop();
  }
});

test.skipIf(!has('systemd-analyze'))('systemd takes the units', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-units-'));
  try {
    for (const path of globSync('ops/systemd/**/*.service', { cwd: root })) {
      // The paths of a host that was set up as the document says.
      const unit = readFileSync(root + path, 'utf8').replaceAll(/\/opt\/podman-api|%h\/podman-api/g, root.slice(0, -1));
      const copy = join(folder, basename(path));
      writeFileSync(copy, unit);
      const user = path.includes('/user/') ? ['--user'] : ['--system'];
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...user, copy], {
        encoding: 'utf8',
        env: { ...process.env, XDG_RUNTIME_DIR: folder },
      });
      expect({ path, status, told: stderr.split('\n').filter(line => line.includes(basename(path))) }).toEqual({
        path,
        status: 0,
        told: [],
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.skipIf(!has('haproxy'))('HAProxy takes its configuration', () => {
  const env = { ...process.env, BIND: '127.0.0.1:8080', API_ONE: '127.0.0.1:5001', API_TWO: '127.0.0.1:5002' };
  const { status, stderr } = spawnSync('haproxy', ['-c', '-f', `${root}ops/proxy/haproxy.cfg`], { encoding: 'utf8', env });
  expect(status, stderr).toBe(0);
});
