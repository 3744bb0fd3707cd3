import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Podman } from '@podman-api/podman';
import { testPodman } from '@podman-api/testing';
import { onTestFinished } from 'vitest';

/** Creates an image with one layer of random bytes in the storage of the tests, so that no other image has the layer. */
export function makeImage(reference: string): Promise<void> {
  return makeImageIn(testPodman(), reference);
}

/** Creates an image as `makeImage` does, in another storage. @param bytes size of its layer */
export async function makeImageIn(podman: Podman, reference: string, bytes = 100_000): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-image-'));
  try {
    writeFileSync(join(folder, 'data'), randomBytes(bytes));
    const archive = execFileSync('tar', ['-cf', '-', 'data'], { cwd: folder, maxBuffer: 2 * bytes });
    const changes = ['ENV SECRET=of-a-container', 'LABEL team=images', 'EXPOSE 80/tcp', 'CMD ["/data"]', 'USER 7'];
    await podman.run(['import', '--quiet', ...changes.map(change => `--change=${change}`), '-', reference], { stdin: archive });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns a reference that no other test has. Its image is removed when the test finishes. */
export function ownReference(registry = 'localhost'): string {
  const reference = `${registry}/test-${randomBytes(6).toString('hex')}:1`;
  onTestFinished(() => removeImage(reference));
  return reference;
}

/** Removes an image from the storage of the tests, if it is there. */
export async function removeImage(reference: string): Promise<void> {
  await testPodman().run(['rmi', '--ignore', '--', reference]);
}
