import { type RedisClient, runScript } from '@podman-api/redis';
import { keys } from '../keys.ts';
import { type FleetEvent, type GapEvent, maxEventAgeMs, maxEvents, type NodeEvent } from './fleet-event.ts';

/** Number of events of a node that are remembered, so that none is added twice by several workers or after a restart. */
const maxRememberedEvents = 1000;
/** Maximum number of events that wait in this process while Redis is unavailable. */
const maxPendingEvents = 1000;

/**
 * Adds an entry unless an equal one was added before, and removes old entries. At least one entry is kept: a reader that has
 * read it last knows that it has missed none.
 */
const script = `
local events, published = unpack(KEYS)
local event, timeMs = unpack(ARGV)
if timeMs ~= '' then
  if redis.call('ZADD', published, 'NX', timeMs, event) == 0 then return 'known' end
  redis.call('ZREMRANGEBYRANK', published, 0, -1 - ${maxRememberedEvents})
end
local id = redis.call('XADD', events, 'MAXLEN', '~', ${maxEvents}, '*', 'e', event)
local oldestMs = tonumber(redis.call('TIME')[1]) * 1000 - ${maxEventAgeMs}
redis.call('XTRIM', events, 'MINID', '~', string.format('%.0f', oldestMs))
return id`;

/** Adds the events of a node to those of the fleet. */
export interface EventPublisher {
  /** Adds an event. It is kept for later while Redis is unavailable. */
  publish(event: NodeEvent): void;
  /** Records that events of the node may be missing here. */
  publishGap(): void;
  /** Returns the time of the node's last event in ms since 1970; `undefined` if Redis has none. */
  readLastTime(): Promise<number | undefined>;
}

/** Creates the publisher of a node. @param redis a connection whose commands wait for Redis */
export function createEventPublisher(redis: RedisClient, node: string): EventPublisher {
  const pending: FleetEvent[] = [];
  let isSending = false;
  const gap = (): GapEvent => ({ type: 'gap', reason: 'missed', node, time: new Date().toISOString() });
  const send = async () => {
    if (isSending) return;
    isSending = true;
    for (let event = pending.shift(); event; event = pending.shift()) {
      const timeMs = event.type === 'gap' ? '' : Date.parse(event.time);
      // An event that Redis rejected is replaced by a gap.
      await runScript(redis, script, [keys.events, keys.publishedEvents(node)], [JSON.stringify(event), timeMs]).catch(() => {
        if (event.type !== 'gap') pending.unshift(gap());
      });
    }
    isSending = false;
  };
  const add = (event: FleetEvent) => {
    if (pending.length >= maxPendingEvents) pending.splice(0, pending.length, gap());
    pending.push(event);
    void send();
  };
  return {
    publish: add,
    publishGap: () => add(gap()),
    async readLastTime() {
      const [, timeMs] = await redis.zrange(keys.publishedEvents(node), '-1', '-1', 'WITHSCORES');
      return timeMs === undefined ? undefined : Number(timeMs);
    },
  };
}
