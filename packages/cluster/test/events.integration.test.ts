import { createBlockingClient, createFailFastClient } from '@podman-api/redis';
import { readConfig } from '@podman-api/runtime';
import { startRedis, until } from '@podman-api/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEventPublisher } from '../src/events/event-publisher.ts';
import { createEventReader, type EventPosition, type StoredEvent } from '../src/events/event-reader.ts';
import { type FleetEvent, maxEvents, type NodeEvent } from '../src/events/fleet-event.ts';
import { keys } from '../src/keys.ts';

const server = await startRedis();
const { REDIS_URL: address } = readConfig({ REDIS_URL: server.url }, ['REDIS_URL']);
const redis = createBlockingClient(address);
const failFast = createFailFastClient(address);
/** Connections that readers have opened. */
let connections = 0;
const reader = createEventReader(failFast, () => {
  connections += 1;
  return createBlockingClient(address);
});
beforeAll(() => redis.ping());
beforeEach(async () => {
  await redis.del(keys.events, keys.publishedEvents('a'));
  connections = 0;
});
afterAll(async () => {
  reader.stop();
  redis.disconnect();
  failFast.disconnect();
  await server.stop();
});

const event = (name: string, timeMs = Date.now()): NodeEvent => ({
  type: 'container',
  action: 'start',
  resource_id: '0123456789ab',
  full_id: '0123456789ab'.padEnd(64, '0'),
  name,
  image: 'x',
  node: 'a',
  time: new Date(timeMs).toISOString(),
  exit_code: null,
  health: null,
});
const nameOf = ({ event: read }: StoredEvent) => read && ('name' in read ? read.name : read.reason);

/** Reads events in the background until `untilMs` or `stop`, which resolves when the reader has ended. */
function read(position: EventPosition, untilMs?: number) {
  const controller = new AbortController();
  const items: StoredEvent[] = [];
  const done = (async () => {
    for await (const item of reader.read(position, controller.signal, untilMs)) items.push(item);
  })();
  const stop = () => {
    controller.abort();
    return done;
  };
  return { items, names: () => items.map(nameOf).filter(name => name !== undefined), done, stop };
}

describe('the events of the fleet', () => {
  it('are stored once, however many workers of the node add them', async () => {
    const publishers = [createEventPublisher(redis, 'a'), createEventPublisher(redis, 'a')];
    const events = ['one', 'two'].map((name, index) => event(name, index));
    for (const publisher of publishers) for (const one of events) publisher.publish(one);
    publishers[0]?.publishGap();
    await until(async () => (await redis.xlen(keys.events)) === 3);
    expect(await publishers[1]?.readLastTime()).toBe(1);
    expect(await createEventPublisher(redis, 'b').readLastTime()).toBeUndefined();
  });

  it('reach all readers over one connection, each from its own position', async () => {
    const publisher = createEventPublisher(redis, 'a');
    publisher.publish(event('old', 1));
    await until(async () => (await redis.xlen(keys.events)) === 1);
    const next = [read('next'), read('next')];
    const since = read({ sinceMs: 1 });
    await until(() => [...next, since].every(({ items }) => items.length > 0));
    publisher.publish(event('new', 2));
    await until(() => [...next, since].every(({ names }) => names().includes('new')));
    expect(next.map(({ names }) => names())).toEqual([['new'], ['new']]);
    expect(since.names()).toEqual(['trimmed', 'old', 'new']);
    expect(connections).toBe(1);
    const last = next[0]?.items.at(-1)?.id ?? '';
    await Promise.all([...next, since].map(({ stop }) => stop()));
    const resumed = read({ afterId: last });
    publisher.publish(event('later', 3));
    await until(() => resumed.names().length > 0);
    expect(resumed.names()).toEqual(['later']);
    await resumed.stop();
  });

  it('are all read if they were stored until a time, however many pages they are', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `event ${index}`);
    for (const [index, name] of names.entries()) await redis.xadd(keys.events, `${index + 1}-0`, 'e', JSON.stringify(event(name)));
    for (const untilMs of [1, Date.now()]) {
      const reading = read({ afterId: '1-0' }, untilMs);
      await reading.done;
      expect(reading.names()).toEqual(names.slice(1));
    }
  });

  it('are followed until a time, even if no event comes', async () => {
    const untilMs = Date.now() + 100;
    const reading = read('next', untilMs);
    await reading.done;
    expect(reading.names()).toEqual([]);
    expect(Date.now()).toBeGreaterThanOrEqual(untilMs);
  });

  it('have a gap if the last event that a reader has seen is no longer stored', async () => {
    const add = async (id: string, name: string) => redis.xadd(keys.events, id, 'e', JSON.stringify(event(name)));
    for (const [id, name] of [
      ['5-0', 'five'],
      ['7-0', 'seven'],
    ] as const)
      await add(id, name);
    // Removed as too old, lost by Redis between two others, and lost at the end.
    for (const [afterId, names] of [
      ['4-0', ['trimmed', 'five', 'seven']],
      ['5-0', ['seven']],
      ['6-0', ['trimmed', 'seven']],
      ['9-0', ['trimmed']],
    ] as const) {
      const reading = read({ afterId });
      await until(() => reading.names().length >= names.length);
      expect({ afterId, names: reading.names() }).toEqual({ afterId, names });
      if (afterId !== '9-0') {
        await reading.stop();
        continue;
      }
      // After a failover to a server whose clock is behind, new entries have smaller ids.
      await add('8-0', 'eight');
      await until(() => reading.names().includes('eight'));
      await reading.stop();
    }
  });

  it('are bounded, and a slow reader gets a gap for those that were removed before it read them', async () => {
    const entry: FleetEvent = event('x');
    for (let n = 1; n <= 150; n += 1) await redis.xadd(keys.events, `${n}-0`, 'e', JSON.stringify(entry));
    const controller = new AbortController();
    const slow = reader.read({ afterId: '1-0' }, controller.signal);
    expect((await slow.next()).value?.id).toBe('1-0');
    expect((await slow.next()).value?.id).toBe('2-0');
    await redis.xtrim(keys.events, 'MINID', '140-0');
    const rest: StoredEvent[] = [];
    for await (const item of slow) {
      rest.push(item);
      if (item.id === '150-0') break;
    }
    controller.abort();
    // The page that the reader had already read ends with the entry 101.
    expect(rest.map(item => (item.event?.type === 'gap' ? 'gap' : item.id)).slice(99)).toEqual([
      'gap',
      ...Array.from({ length: 11 }, (_, index) => `${140 + index}-0`),
    ]);
    const publisher = createEventPublisher(redis, 'a');
    await redis.eval(`for n = 1, ${maxEvents + 500} do redis.call('XADD', KEYS[1], '*', 'e', '{}') end`, 1, keys.events);
    publisher.publish(event('last'));
    await until(async () => (await redis.xlen(keys.events)) < maxEvents + 200);
  });
});
