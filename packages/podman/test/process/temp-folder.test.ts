import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTempFolder, removeTempFolder } from '../../src/process/temp-folder.ts';

it('removes directories without any permission, as a build that was ended leaves them, also if their names are not UTF-8', async () => {
  const folder = await createTempFolder(`test-${process.pid}`);
  const mountPoint = join(folder, 'buildah/mnt/rootfs');
  mkdirSync(mountPoint, { recursive: true });
  // A removal that fails goes on with other folders.
  for (let number = 0; number < 20; number += 1) mkdirSync(join(folder, `writable-${number}/a/b`), { recursive: true });
  const other = Buffer.concat([Buffer.from(`${folder}/d`), Buffer.from([0xe9])]);
  mkdirSync(Buffer.concat([other, Buffer.from('/below')]), { recursive: true });
  chmodSync(other, 0o500);
  chmodSync(mountPoint, 0);
  chmodSync(join(folder, 'buildah/mnt'), 0o100);
  await removeTempFolder(`test-${process.pid}`);
  expect(existsSync(folder)).toBe(false);
});
