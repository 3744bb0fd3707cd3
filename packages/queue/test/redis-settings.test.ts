import { expect, test } from 'vitest';
import { settingsWarnings } from '../src/redis-settings.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const info = (fields: Record<string, string | number>) =>
  Object.entries({
    maxmemory_policy: 'noeviction',
    aof_enabled: 1,
    rdb_changes_since_last_save: 5,
    rdb_last_save_time: now / 1000 - 60,
    ...fields,
  })
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('# Section\r\n');

test('a Redis that keeps everything has no warning', () => {
  expect(settingsWarnings(info({}), '', now)).toEqual([]);
  expect(settingsWarnings(info({ aof_enabled: 0 }), '3600 1', now)).toEqual([]);
});

test('one that may drop jobs, or keeps none, has', () => {
  expect(settingsWarnings(info({ maxmemory_policy: 'volatile-lru' }), '', now)).toEqual([
    expect.stringMatching(/noeviction; it is volatile-lru/),
  ]);
  expect(settingsWarnings(info({ aof_enabled: 0 }), '', now)).toEqual([expect.stringMatching(/appendonly/)]);
});

test('where the save points may not be asked for, a save that is long overdue tells', () => {
  expect(settingsWarnings(info({ aof_enabled: 0 }), undefined, now)).toEqual([]);
  const old = { aof_enabled: 0, rdb_last_save_time: now / 1000 - 7201 };
  expect(settingsWarnings(info(old), undefined, now)).toEqual([expect.stringMatching(/appendonly/)]);
  expect(settingsWarnings(info({ ...old, rdb_changes_since_last_save: 0 }), undefined, now)).toEqual([]);
});

test('an INFO without these fields says nothing', () => {
  expect(settingsWarnings('', undefined, now)).toEqual([]);
});
