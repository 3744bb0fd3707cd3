import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenOf } from '@podman-api/testing/processes';
import { onTestFinished } from 'vitest';
import { helperComm } from '../../src/files/protocol.ts';
import { type CountedPodman, createPodman, type FileSource } from '../../src/index.ts';

/** Variables of the job of a request, and the text of its helper's title. */
/** Differs for each file of tests, which may run at the same time in another checkout. */
export const marker = { PODMAN_API_PODMAN_OF: `job-${randomUUID()}` };
export const markerText = `PODMAN_API_PODMAN_OF=${marker.PODMAN_API_PODMAN_OF}`;
/** A signal that is never aborted. */
export const signal = new AbortController().signal;
export const neverResolves = () => new Promise<void>(() => {});

/** Files of a container that does not run, in a folder that is removed after the test. */
export function createTree(): { readonly root: string; readonly source: FileSource } {
  const root = mkdtempSync(join(tmpdir(), 'podman-api-helper-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'srv'));
  return { root, source: { kind: 'folder', path: root, mounts: [] } };
}

/** Creates a driver that is closed after the test. */
export function createTestPodman(maxProcesses = 2): CountedPodman {
  const podman = createPodman({ maxProcesses });
  onTestFinished(() => podman.close());
  return podman;
}

/** Writes 200 MB of zeros, which take no room on the disk. */
export function writeLarge(root: string): void {
  writeFileSync(join(root, 'large'), '');
  truncateSync(join(root, 'large'), 200_000_000);
}

/** Returns the helpers that a process has started and that have read their first line. */
export function helpersOf(parent: number | undefined): readonly number[] {
  return childrenOf(parent)
    .map(({ pid }) => pid)
    .filter(isHelper);
}

/** Whether a process is a helper that runs; one that has exited may wait for its parent (a zombie). */
export function isHelper(pid: number): boolean {
  try {
    const isExited = /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return !isExited && readFileSync(`/proc/${pid}/comm`, 'utf8') === `${helperComm}\n`;
  } catch {
    return false;
  }
}

/** A content whose first piece arrives and whose end never does. */
export async function* endlessContent(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a');
  await neverResolves();
}

/** A content in pieces of an odd size. */
export async function* cut(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 300_001) yield content.subarray(at, at + 300_001);
}
