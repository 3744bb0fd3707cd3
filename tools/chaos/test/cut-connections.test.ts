import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cutConnections } from '../src/cluster/redis.ts';

/** Starts a server in Redis's place that answers each connection; returns its socket. */
async function serve(answer: string | undefined): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-chaos-test-'));
  const path = join(folder, 'redis.sock');
  const server = createServer(socket => {
    socket.on('error', () => {});
    if (answer === undefined) socket.end();
    else socket.write(answer);
  });
  await new Promise<void>(resolve => server.listen(path, resolve));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return path;
}

describe('cutConnections', () => {
  it('returns how many connections Redis has closed', async () => {
    expect(await cutConnections(await serve(':3\r\n'), 'normal')).toBe(3);
  });

  it('returns undefined if Redis closes the connection without an answer, or is not running', async () => {
    expect(await cutConnections(await serve(undefined), 'pubsub')).toBeUndefined();
    expect(await cutConnections(join(tmpdir(), 'no-such.sock'), 'pubsub')).toBeUndefined();
  });
});
