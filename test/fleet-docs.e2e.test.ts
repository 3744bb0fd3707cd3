import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { images, startChild, startFleet } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

describe('docs/fleet.md', () => {
  it('has commands that work', async () => {
    const [, part = ''] = /<!-- commands.*-->([\s\S]*?)<!-- \/commands -->/.exec(readFileSync(`${root}docs/fleet.md`, 'utf8')) ?? [];
    const blocks = [...part.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    const commands = blocks.join('').replaceAll('localhost/podman-api/busybox', images.plain);
    const fleet = await startFleet({ 'host-1': { NODE_LABELS: 'zone=a' }, 'host-7': { NODE_LABELS: 'zone=b' } });
    try {
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
});

describe('ops/systemd', () => {
  const paths = globSync('ops/systemd/**/*.service', { cwd: root });

  it('has units for the API and the worker, and one for the worker of an ordinary user', () => {
    expect(paths).toHaveLength(3);
  });

  it.each(paths)('%s is a valid unit', path => {
    const folder = mkdtempSync(join(tmpdir(), 'podman-api-units-'));
    try {
      // The paths of a host that was set up as docs/fleet.md says.
      const unit = readFileSync(root + path, 'utf8').replaceAll(/\/opt\/podman-api|%h\/podman-api/g, root.slice(0, -1));
      const copy = join(folder, basename(path));
      writeFileSync(copy, unit);
      const scope = path.includes('/user/') ? '--user' : '--system';
      const env = { ...process.env, XDG_RUNTIME_DIR: folder };
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', scope, copy], { encoding: 'utf8', env });
      // Lines about other units of this host do not matter.
      const faults = stderr?.split('\n').filter(line => line.includes(basename(path)));
      expect({ status, faults }).toEqual({ status: 0, faults: [] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('ops/proxy', () => {
  it('has a valid configuration of HAProxy', () => {
    const addresses = { BIND: '127.0.0.1:8080', API_ONE: '127.0.0.1:5001', API_TWO: '127.0.0.1:5002' };
    // Debian installs it where an ordinary user's path does not lead.
    const env = { ...process.env, ...addresses, PATH: `${process.env['PATH']}:/usr/sbin` };
    const { status, stderr } = spawnSync('haproxy', ['-c', '-f', `${root}ops/proxy/haproxy.cfg`], { encoding: 'utf8', env });
    expect(status, stderr).toBe(0);
  });
});
