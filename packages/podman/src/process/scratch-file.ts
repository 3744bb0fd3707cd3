import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folder for small files that hold secrets: in memory if the host has such a place. */
const memoryFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/**
 * Opens a new file and removes its name: no other process can open it, and it disappears when the last process that holds
 * it exits, even by SIGKILL.
 * @param flags of Node.js's `open`: `wx+` to write at any position, `ax+` to append
 */
export async function openScratchFile(flags: 'wx+' | 'ax+' = 'wx+', folder = tmpdir()): Promise<FileHandle> {
  const path = join(folder, `podman-api-${randomUUID()}`);
  const handle = await open(path, flags, 0o600);
  await unlink(path);
  return handle;
}

/** Opens a scratch file that holds a string, to be read from its start. */
export async function openScratchText(text: string): Promise<FileHandle> {
  const handle = await openScratchFile('wx+', memoryFolder);
  await handle.write(text, 0);
  return handle;
}

/** Opens a scratch file that holds bytes, to be read from its start. */
export async function openScratchBytes(bytes: Uint8Array): Promise<FileHandle> {
  const handle = await openScratchFile();
  await handle.write(bytes, 0, bytes.length, 0);
  return handle;
}
