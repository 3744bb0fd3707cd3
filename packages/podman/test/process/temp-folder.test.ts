import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTempFolder, removeTempFolder } from '../../src/process/temp-folder.ts';

it('removes folders without any permission, as a build that was ended leaves them', async () => {
  const folder = await createTempFolder(`test-${process.pid}`);
  const mountPoint = join(folder, 'buildah/mnt/rootfs');
  mkdirSync(mountPoint, { recursive: true });
  chmodSync(mountPoint, 0);
  chmodSync(join(folder, 'buildah/mnt'), 0o100);
  await removeTempFolder(`test-${process.pid}`);
  expect(existsSync(folder)).toBe(false);
});
