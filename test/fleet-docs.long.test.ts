import { images, startChild, startFleet } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { readShellBlocks } from './docs/blocks.ts';

describe('docs/fleet.md', () => {
  it('has commands that work', async () => {
    const blocks = readShellBlocks('docs/fleet.md').map(({ commands }) => commands);
    expect(blocks).toHaveLength(2);
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
