import { describe, expect, it } from 'vitest';
import { readPrefer } from '../src/request/prefer.ts';

describe('readPrefer', () => {
  it.each([
    ['', { respondAsync: false, applied: '' }],
    ['respond-async', { respondAsync: true, applied: 'respond-async' }],
    ['wait=5', { wait: 5, respondAsync: false, applied: 'wait=5' }],
    ['respond-async, wait=1', { wait: 1, respondAsync: true, applied: 'respond-async, wait=1' }],
    ['respond-async; wait=1', { wait: 1, respondAsync: true, applied: 'respond-async, wait=1' }],
    ['wait="1";respond-async', { wait: 1, respondAsync: true, applied: 'respond-async, wait=1' }],
    ['Respond-Async ; Wait = 100', { wait: 60, respondAsync: true, applied: 'respond-async, wait=60' }],
    ['return=minimal; foo, wait=x', { respondAsync: false, applied: '' }],
  ])('reads %j', (header, preferences) => expect(readPrefer(header, 60)).toEqual(preferences));
});
