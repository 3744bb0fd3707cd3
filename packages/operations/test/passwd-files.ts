import { images, testPodman } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { lookUpOwner } from '../src/container/add-file/owner-ids.ts';

const podman = testPodman();
const { signal } = new AbortController();
const mebibyte = 1024 ** 2;

/** Starts a container, runs a command in it, and stops it; returns its name. */
export async function stoppedContainer(command: string): Promise<string> {
  const container = await startContainer(images.busybox);
  await podman.run(['exec', '--', container, 'sh', '-c', command]);
  await podman.run(['stop', '--time=0', '--', container]);
  return container;
}

/** A file, the owner to look up, and a command that makes the file huge. */
export type HugeFile = readonly [path: string, owner: string, command: string];

/** Defines a test for each file of a container that is too large to be read. */
export function describeHugeFiles(...cases: readonly HugeFile[]): void {
  describe('lookUpOwner', () => {
    it.each([...cases])('refuses a huge %s for %j with bounded memory: %s', async (path, owner, command) => {
      const container = await stoppedContainer(command);
      const { maxRSS: before } = process.resourceUsage();
      await expect(lookUpOwner(podman, container, owner, signal)).rejects.toMatchObject({
        status: 400,
        message: `owner: ${path} of the container is larger than 1 MiB; give uid:gid.`,
      });
      const grownBytes = (process.resourceUsage().maxRSS - before) * 1024;
      expect(grownBytes).toBeLessThan(96 * mebibyte);
    });
  });
}

/**
 * Defines a test for each command that leaves a container without the user `app`. The description of a case says what /etc/passwd then
 * is.
 */
export function describeMissingUsers(...cases: readonly (readonly [file: string, command: string])[]): void {
  describe('lookUpOwner', () => {
    it.each([...cases])('finds no user in %s', async (_file, command) => {
      const container = await stoppedContainer(command);
      await expect(lookUpOwner(podman, container, 'app', signal)).rejects.toMatchObject({
        status: 400,
        message: 'owner: the container has no user or group app.',
      });
    });
  });
}
