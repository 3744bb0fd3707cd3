import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCachedRun } from '../../src/state/cached-run.ts';

let graphRoot: string;
beforeEach(() => {
  graphRoot = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
});
afterEach(() => rmSync(graphRoot, { recursive: true }));

const database = () => join(graphRoot, 'libpod/bolt_state.db');
const writeDatabase = (text: string) => {
  mkdirSync(join(graphRoot, 'libpod'), { recursive: true });
  writeFileSync(database(), text);
};

/** Creates a podman whose answers are counted, and which does something meanwhile. */
function createCountingPodman(meanwhile: () => void = () => {}) {
  let asked = 0;
  const cachedRun = createCachedRun(async args => {
    if (args[0] === 'info') return `${graphRoot}\n`;
    asked += 1;
    meanwhile();
    return `answer ${asked}`;
  });
  return (fresh = false) => cachedRun(['ps'], { fresh });
}

describe('createCachedRun', () => {
  it('does not ask podman again while its database is unchanged, unless a fresh answer is wanted', async () => {
    writeDatabase('a');
    const ask = createCountingPodman();
    expect([await ask(), await ask(), await ask()]).toEqual(['answer 1', 'answer 1', 'answer 1']);
    expect([await ask(true), await ask()]).toEqual(['answer 2', 'answer 2']);
  });

  it('asks again when the size or the time of the database has changed', async () => {
    writeDatabase('a');
    const ask = createCountingPodman();
    await ask();
    writeDatabase('ab');
    expect(await ask()).toBe('answer 2');
    utimesSync(database(), 1, 1);
    expect(await ask()).toBe('answer 3');
    // Podman 5 has another database.
    writeFileSync(join(graphRoot, 'db.sql'), '');
    expect(await ask()).toBe('answer 4');
  });

  it('asks again when the database changed during the last answer', async () => {
    writeDatabase('a');
    let text = 'a';
    const ask = createCountingPodman(() => {
      text += 'a';
      writeDatabase(text);
    });
    expect([await ask(), await ask()]).toEqual(['answer 1', 'answer 2']);
  });

  it('always asks if there is no database to look at', async () => {
    const ask = createCountingPodman();
    expect([await ask(), await ask()]).toEqual(['answer 1', 'answer 2']);
  });

  it('asks again after ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      writeDatabase('a');
      const ask = createCountingPodman();
      await ask();
      vi.advanceTimersByTime(9_000);
      expect(await ask()).toBe('answer 1');
      vi.advanceTimersByTime(2_000);
      expect(await ask()).toBe('answer 2');
    } finally {
      vi.useRealTimers();
    }
  });
});
