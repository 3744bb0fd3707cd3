import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { endConnection } from '../src/end-connection.ts';

afterEach(() => void vi.useRealTimers());

/** Returns both ends of a connection. */
async function openPair(): Promise<{ readonly client: Socket; readonly served: Socket }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const accepted = once(server, 'connection');
  const client = connect({ host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0, allowHalfOpen: true });
  client.on('error', () => {});
  const [served]: Socket[] = await accepted;
  if (!served) throw new Error('no connection was accepted');
  onTestFinished(() => {
    client.destroy();
    served.destroy();
    server.close();
  });
  return { client, served };
}

describe('endConnection', () => {
  it('sends everything to a client that reads slowly, and disconnects it ten seconds later if it stays', async () => {
    const { client, served } = await openPair();
    const size = 32 * 1024 ** 2;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    served.write(Buffer.alloc(size));
    endConnection(served);
    vi.advanceTimersByTime(60_000);
    expect(served.destroyed).toBe(false);
    let received = 0;
    client.on('data', (bytes: Buffer) => {
      received += bytes.length;
    });
    await once(client, 'end');
    expect(received).toBe(size);
    await vi.waitUntil(() => vi.getTimerCount() > 0, { timeout: 60_000 });
    vi.advanceTimersByTime(10_000);
    expect(served.destroyed).toBe(true);
  });

  it('reads and drops what the client still sends, and closes with it', async () => {
    const { client, served } = await openPair();
    client.end(Buffer.alloc(8 * 1024 ** 2));
    served.write('response');
    endConnection(served);
    const [response]: Buffer[] = await once(client, 'data');
    expect(String(response)).toBe('response');
    if (!served.closed) await once(served, 'close');
    expect(served.errored).toBeNull();
  });
});
