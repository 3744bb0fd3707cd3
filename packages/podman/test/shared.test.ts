import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sharer } from '../src/shared.ts';

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

/** A podman that says how often it was asked, and does something meanwhile. */
function counting(meanwhile: () => void = () => {}) {
  let asked = 0;
  const shared = sharer(async args => {
    if (args[0] === 'info') return `${graphRoot}\n`;
    asked += 1;
    meanwhile();
    return `answer ${asked}`;
  });
  return (fresh?: boolean) => shared(['ps'], fresh);
}

test('where nothing has changed, podman is not asked again, unless that is wanted', async () => {
  writeDatabase('a');
  const ask = counting();
  expect([await ask(), await ask(), await ask()]).toEqual(['answer 1', 'answer 1', 'answer 1']);
  expect([await ask(true), await ask()]).toEqual(['answer 2', 'answer 2']);
});

test('a change is seen by its size, or by its time alone', async () => {
  writeDatabase('a');
  const ask = counting();
  await ask();
  writeDatabase('ab');
  expect(await ask()).toBe('answer 2');
  utimesSync(database(), 1, 1);
  expect(await ask()).toBe('answer 3');
  // Podman 5 has another database.
  writeFileSync(join(graphRoot, 'db.sql'), '');
  expect(await ask()).toBe('answer 4');
});

test('what changes while podman reads is not taken for what it has read', async () => {
  writeDatabase('a');
  let text = 'a';
  const ask = counting(() => {
    text += 'a';
    writeDatabase(text);
  });
  expect([await ask(), await ask()]).toEqual(['answer 1', 'answer 2']);
});

test('where podman’s state is elsewhere, it is always asked', async () => {
  const ask = counting();
  expect([await ask(), await ask()]).toEqual(['answer 1', 'answer 2']);
});

test('no answer is given again for longer than ten seconds', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    writeDatabase('a');
    const ask = counting();
    await ask();
    vi.advanceTimersByTime(9_000);
    expect(await ask()).toBe('answer 1');
    vi.advanceTimersByTime(2_000);
    expect(await ask()).toBe('answer 2');
  } finally {
    vi.useRealTimers();
  }
});
