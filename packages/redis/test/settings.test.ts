import { describe, expect, it } from 'vitest';
import { findSettingsProblems, hasReachedMemoryLimit } from '../src/settings.ts';

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

describe('findSettingsProblems', () => {
  it('is empty if Redis saves all jobs', () => {
    expect(findSettingsProblems(info({}), '', now)).toEqual([]);
    expect(findSettingsProblems(info({ aof_enabled: 0 }), '3600 1', now)).toEqual([]);
  });

  it('warns if Redis may delete jobs or does not save them', () => {
    expect(findSettingsProblems(info({ maxmemory_policy: 'volatile-lru' }), '', now)).toEqual([
      expect.stringMatching(/noeviction; it is volatile-lru/),
    ]);
    expect(findSettingsProblems(info({ aof_enabled: 0 }), '', now)).toEqual([expect.stringMatching(/appendonly/)]);
  });

  it('warns about an overdue save if the save points are unknown', () => {
    expect(findSettingsProblems(info({ aof_enabled: 0 }), undefined, now)).toEqual([]);
    const old = { aof_enabled: 0, rdb_last_save_time: now / 1000 - 7201 };
    expect(findSettingsProblems(info(old), undefined, now)).toEqual([expect.stringMatching(/appendonly/)]);
    expect(findSettingsProblems(info({ ...old, rdb_changes_since_last_save: 0 }), undefined, now)).toEqual([]);
  });

  it('is empty for an INFO without these fields', () => {
    expect(findSettingsProblems('', undefined, now)).toEqual([]);
  });
});

describe('hasReachedMemoryLimit', () => {
  it.each([
    [false, { maxmemory: 0, used_memory: 5_000_000 }],
    [false, { maxmemory: 5_000_001, used_memory: 5_000_000 }],
    [true, { maxmemory: 5_000_000, used_memory: 5_000_000 }],
    [true, { maxmemory: 5_000_000, used_memory: 6_000_000 }],
    [false, {}],
  ])('is %s for %j', (expected, fields) => expect(hasReachedMemoryLimit(info(fields))).toBe(expected));
});
