import { describe, expect, it } from 'vitest';
import { formatAge } from '../src/cli/format-age.ts';

describe('formatAge', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  it.each([
    ['2026-11-28T11:59:59.5Z', '0 seconds ago'],
    ['2026-11-28T11:59:59Z', '1 second ago'],
    ['2026-11-28T11:59:01Z', '59 seconds ago'],
    ['2026-11-28T11:59:00Z', '1 minute ago'],
    ['2026-11-28T11:00:01Z', '59 minutes ago'],
    ['2026-11-28T11:00:00Z', '1 hour ago'],
    ['2026-11-26T12:00:01Z', '47 hours ago'],
    ['2026-11-26T12:00:00+00:00', '2 days ago'],
    ['2025-11-28T12:00:00Z', '365 days ago'],
    ['2026-11-28T12:00:05Z', '0 seconds ago'],
    ['soon', 'soon'],
  ])('of %s is %s', (time, expected) => {
    expect(formatAge(time, now)).toBe(expected);
  });
});
