import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isStaleSocket } from '../src/stale-socket.ts';

it('a socket is stale when no process listens on it any more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [original, path] = [join(folder, 'original'), join(folder, 'socket')];
  const server = createServer().listen(original);
  await once(server, 'listening');
  // A server removes its socket file on close; the rename prevents that.
  renameSync(original, path);
  expect(await isStaleSocket(path)).toBe(false);
  server.close();
  await once(server, 'close');
  expect(await isStaleSocket(path)).toBe(true);
  expect(await isStaleSocket(original)).toBe(false);
});
