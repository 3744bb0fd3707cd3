import { once } from 'node:events';
import { createBlockingClient, createFailFastClient } from '@podman-api/redis';
import { type ByteChannel, readConfig } from '@podman-api/runtime';
import { startRedis, type TestRedis, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Channels, createChannels, type OpenedChannel } from '../src/channel/channels.ts';
import { type ChannelEnd, streamOf, writeEntry } from '../src/channel/scripts.ts';
import { newJobId } from '../src/job-id.ts';
import { keys } from '../src/keys.ts';
import { createSeal } from '../src/seal.ts';
import { secretKeys } from './job-service.ts';

let server: TestRedis;
let api: Process;
let worker: Process;
beforeAll(async () => {
  server = await startRedis();
  [api, worker] = await Promise.all([startProcess('api'), startProcess('worker')]);
});
afterAll(async () => {
  api.stop();
  worker.stop();
  await server.stop();
});

interface Process {
  readonly channels: Channels;
  stop(): void;
}

let processes = 0;
/** Creates the channels of a process, with its own connections. */
async function startProcess(end: ChannelEnd, keysOfProcess: readonly [string, ...string[]] = secretKeys): Promise<Process> {
  const { REDIS_URL: address } = readConfig({ REDIS_URL: server.url }, ['REDIS_URL']);
  const redis = end === 'api' ? createFailFastClient(address) : createBlockingClient(address);
  const subscriber = createBlockingClient(address);
  await once(redis, 'ready');
  processes += 1;
  const channels = createChannels({ redis, subscriber, seal: createSeal(keysOfProcess), end, process: `process-${processes}` });
  return {
    channels,
    stop() {
      channels.stop();
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}

/** Makes the API process of a channel look alive, although it may have died or have got no CPU. */
const keepAlive = (id: string) => server.sendCommand('HSET', keys.channel(id), 'api_at', '99999999999');

interface Pair {
  readonly id: string;
  readonly epoch: string;
  readonly api: OpenedChannel;
  readonly worker: ByteChannel;
}

/** Opens a channel between the two processes. */
async function connectPair(by: { api?: Process; worker?: Process } = {}): Promise<Pair> {
  const id = newJobId('node', 'commands');
  const opened = await (by.api ?? api).channels.open(id);
  onTestFinished(() => opened.close().catch(() => {}));
  const joined = await (by.worker ?? worker).channels.join(id);
  await opened.connected;
  const epoch = (await server.sendCommand('HGET', keys.channel(id), 'epoch')).trim();
  return { id, epoch, api: opened, worker: joined };
}

/** Reads all bytes up to the end. */
async function readAll(channel: ByteChannel): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let frame = await channel.read(); frame; frame = await channel.read()) pieces.push(frame.bytes ?? Buffer.alloc(0));
  return Buffer.concat(pieces);
}

const lengthOf = async (id: string, sender: ChannelEnd) => Number(await server.sendCommand('XLEN', streamOf(id, sender)));
const mebibyte = Buffer.alloc(1024 ** 2, 'a');

describe('a channel', () => {
  it('breaks if Redis refuses an entry', async () => {
    const { id, epoch } = await connectPair();
    const { REDIS_URL: address } = readConfig({ REDIS_URL: server.url }, ['REDIS_URL']);
    const redis = createFailFastClient(address);
    onTestFinished(() => redis.disconnect());
    await once(redis, 'ready');
    // Not a valid entry number: Redis rejects it for another reason than being a duplicate.
    const entry = { number: Number.MAX_VALUE, sealed: Buffer.from('x'), isLast: false };
    await expect(writeEntry(redis, { id, epoch, end: 'worker', notificationChannel: '' }, entry)).rejects.toThrow('Invalid stream ID');
  });

  it('carries bytes and messages in order in both directions, which end separately', async () => {
    const pair = await connectPair();
    const bytes = Buffer.from(Array.from({ length: 3 * 1024 ** 2 + 5 }, (_, index) => (index * 7) % 251));
    const send = async (from: ByteChannel) => {
      await from.send({ size: bytes.length });
      for (let at = 0; at < bytes.length; at += 70_000) await from.write(bytes.subarray(at, at + 70_000));
      await from.end();
    };
    const receive = async (at: ByteChannel) => ({ first: await at.read(), rest: await readAll(at) });
    const [atWorker, atApi] = await Promise.all([receive(pair.worker), receive(pair.api), send(pair.api), send(pair.worker)]);
    for (const { first, rest } of [atWorker, atApi]) {
      expect(first).toEqual({ message: { size: bytes.length } });
      expect(rest.equals(bytes)).toBe(true);
    }
  });

  it('stops a writer whose reader does not read, with at most 4 entries in Redis', async () => {
    const pair = await connectPair();
    let writtenMebibytes = 0;
    const writing = (async () => {
      for (; writtenMebibytes < 20; writtenMebibytes += 1) await pair.worker.write(mebibyte);
      await pair.worker.end();
    })();
    await until(async () => (await lengthOf(pair.id, 'worker')) === 4);
    expect(writtenMebibytes).toBeLessThan(5);
    const all = await readAll(pair.api);
    await writing;
    expect(all.length).toBe(20 * mebibyte.length);
  });

  it('lets several writers continue when there is room again', async () => {
    const pair = await connectPair();
    const write = async () => {
      for (let written = 0; written < 4; written += 1) await pair.worker.write(mebibyte);
    };
    const writing = Promise.all([write(), write()]).then(() => pair.worker.end());
    expect((await readAll(pair.api)).length).toBe(8 * mebibyte.length);
    await writing;
  });

  it('stores nothing before the other end has connected', async () => {
    const id = newJobId('node', 'commands');
    const opened = await api.channels.open(id);
    onTestFinished(() => opened.close());
    const written = opened.write(mebibyte).then(() => opened.end());
    await until(async () => (await server.sendCommand('EXISTS', keys.channel(id))).trim() === '1');
    expect(await lengthOf(id, 'api')).toBe(0);
    const joined = await worker.channels.join(id);
    expect((await readAll(joined)).length).toBe(mebibyte.length);
    await written;
  });

  it.each(['api', 'worker'] as const)('breaks for both ends when the %s closes it', async end => {
    const pair = await connectPair();
    const reading = pair[end === 'api' ? 'worker' : 'api'].read().catch((error: unknown) => error);
    await pair[end].close();
    expect(await reading).toMatchObject({ type: 'ServiceUnavailableError' });
    expect(pair.api.signal.aborted && pair.worker.signal.aborted).toBe(true);
    expect((await server.sendCommand('EXISTS', keys.channel(pair.id))).trim()).toBe('0');
    await expect(pair.api.write(mebibyte)).rejects.toMatchObject({ type: 'ServiceUnavailableError' });
  });

  it('breaks for a writer that waits for room', async () => {
    const pair = await connectPair();
    const writing = (async () => {
      for (;;) await pair.worker.write(mebibyte);
    })().catch((error: unknown) => error);
    await until(async () => (await lengthOf(pair.id, 'worker')) === 4);
    await pair.api.close();
    expect(await writing).toMatchObject({ type: 'ServiceUnavailableError' });
  });

  it('can be read to its end after the worker has left', async () => {
    const leaving = await startProcess('worker');
    const pair = await connectPair({ worker: leaving });
    await pair.worker.write(mebibyte);
    await pair.worker.end();
    leaving.channels.release(pair.id);
    leaving.stop();
    expect((await readAll(pair.api)).length).toBe(mebibyte.length);
  });

  it('cannot be joined after it was closed', async () => {
    const { id, api: opened } = await connectPair();
    await opened.close();
    const another = await startProcess('worker');
    onTestFinished(another.stop);
    await expect(another.channels.join(id)).rejects.toMatchObject({ type: 'ServiceUnavailableError' });
  });

  it('is replaced by another one of the same job, which starts from the beginning', async () => {
    const pair = await connectPair();
    await pair.worker.send({ text: 'before' });
    const reading = [pair.worker.read(), pair.api.read().then(() => pair.api.read())].map(read => read.catch((error: unknown) => error));
    const other = await startProcess('api');
    onTestFinished(other.stop);
    await keepAlive(pair.id);
    await expect(other.channels.open(pair.id, true)).rejects.toMatchObject({ type: 'ConflictError' });

    const opened = await other.channels.open(pair.id);
    onTestFinished(() => opened.close());
    expect(await Promise.all(reading)).toMatchObject([{ type: 'ConflictError' }, { type: 'ConflictError' }]);
    // The replaced end does not break the new channel.
    await pair.api.close();
    const joined = await worker.channels.join(pair.id);
    await opened.connected;
    await joined.send({ text: 'one' });
    expect(await opened.read()).toEqual({ message: { text: 'one' } });
  });

  // A Redis Cluster cannot count all subscribers: there the replacement takes some seconds.
  it.skipIf(process.env['TEST_REDIS'] === 'cluster')('is replaced at once when the API process that opened it has died', async () => {
    const dying = await startProcess('api');
    const pair = await connectPair({ api: dying });
    await keepAlive(pair.id);
    await expect(api.channels.open(pair.id, true)).rejects.toMatchObject({ type: 'ConflictError' });
    dying.stop();
    await keepAlive(pair.id);
    const opened = await until(() => api.channels.open(pair.id, true).catch(() => undefined));
    onTestFinished(() => opened.close());
    expect(opened.signal.aborted).toBe(false);
  });

  it('breaks if an entry was removed, moved or sealed with another key', async () => {
    const removed = await connectPair();
    for (const text of ['one', 'two']) await removed.api.send({ text });
    await server.sendCommand('XDEL', streamOf(removed.id, 'api'), '1-0');
    await expect(removed.worker.read()).rejects.toMatchObject({ type: 'InternalError' });

    const stranger = await startProcess('api', ['another key of these tests, long enough']);
    onTestFinished(stranger.stop);
    const forged = await connectPair({ api: stranger });
    await forged.api.send({ text: 'one' });
    await expect(forged.worker.read()).rejects.toMatchObject({ type: 'InternalError' });
  });

  it('writes no bytes in plain text, and nothing to the append-only file', async () => {
    const pair = await connectPair();
    const readFileSize = async () => /aof_current_size:(\d+)/.exec(await server.sendCommand('INFO', 'persistence'))?.[1];
    const sizeBefore = await readFileSize();
    await pair.api.write(Buffer.from('a canary in a channel'.repeat(1000)));
    await pair.api.send({ text: 'a canary in a channel' });
    expect(await server.sendCommand('XRANGE', streamOf(pair.id, 'api'), '-', '+')).not.toContain('canary');
    await pair.api.end();
    await readAll(pair.worker);
    expect(await readFileSize()).toBe(sizeBefore);
  });

  it('breaks when Redis is restarted, because its bytes are not saved', async () => {
    const pair = await connectPair();
    const reading = pair.worker.read().catch((error: unknown) => error);
    await server.kill();
    await server.restart();
    expect(await reading).toMatchObject({ type: 'ServiceUnavailableError' });
    await until(() => pair.api.signal.aborted);
  });
});
