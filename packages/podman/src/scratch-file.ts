import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Small files that hold secrets stay in memory where the host has a place for that. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/**
 * An open file that has no name any more: nobody else can open it, and it is gone when the last process that
 * holds it ends, however it ends.
 * @param flags as for open(2): `w+` or `a+`, made anew
 */
export async function openScratchFile(flags: 'wx+' | 'ax+' = 'wx+', folder = tmpdir()): Promise<FileHandle> {
  const path = join(folder, `podman-api-${randomUUID()}`);
  const handle = await open(path, flags, 0o600);
  await unlink(path);
  return handle;
}

/** A scratch file that holds a text, to be read from its start. */
export async function scratchText(text: string): Promise<FileHandle> {
  const handle = await openScratchFile('wx+', memory);
  await handle.write(text, 0);
  return handle;
}

/** A scratch file that holds bytes, to be read from its start. */
export async function scratchBytes(bytes: Uint8Array): Promise<FileHandle> {
  const handle = await openScratchFile();
  await handle.write(bytes, 0, bytes.length, 0);
  return handle;
}
