import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCachedRun, type SharedRunOptions } from '../../src/state/cached-run.ts';

let graphRoot: string;
beforeEach(() => {
  graphRoot = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
});
afterEach(() => rmSync(graphRoot, { recursive: true }));

const writeDatabase = (text: string) => {
  mkdirSync(join(graphRoot, 'libpod'), { recursive: true });
  writeFileSync(join(graphRoot, 'libpod/bolt_state.db'), text);
};

/** Creates a podman that counts its answers, and calls `meanwhile` during each run. */
function createCountingPodman({
  isRemote = false,
  meanwhile = () => {},
  service = async (): Promise<string | undefined> => undefined,
} = {}) {
  let runCount = 0;
  const cachedRun = createCachedRun({
    isRemote,
    async runPodman() {
      runCount += 1;
      meanwhile();
      return `answer ${runCount}`;
    },
    readGraphRoot: async () => graphRoot,
    query: service,
  });
  return (options: SharedRunOptions = {}) => cachedRun(['ps'], options);
}

const query = { path: '/containers/json', toOutput: (body: string) => `by the service: ${body}` };

describe('createCachedRun', () => {
  it('does not run podman again while its database is unchanged, unless a fresh answer is requested', async () => {
    writeDatabase('a');
    const runShared = createCountingPodman();
    expect([await runShared(), await runShared(), await runShared()]).toEqual(['answer 1', 'answer 1', 'answer 1']);
    expect([await runShared({ isFresh: true, isSame: () => true }), await runShared()]).toEqual(['answer 2', 'answer 2']);
  });

  it('runs podman again each time if it is on another machine', async () => {
    writeDatabase('a');
    const runShared = createCountingPodman({ isRemote: true });
    expect([await runShared(), await runShared()]).toEqual(['answer 1', 'answer 2']);
  });

  it('runs podman again when the database has changed', async () => {
    writeDatabase('a');
    const runShared = createCountingPodman();
    await runShared();
    writeDatabase('b');
    expect(await runShared()).toBe('answer 2');
    // Podman 5 has another database.
    writeFileSync(join(graphRoot, 'db.sql'), '');
    expect(await runShared()).toBe('answer 3');
  });

  it('runs podman again when the database changed during the last answer', async () => {
    writeDatabase('a');
    let text = 'a';
    const meanwhile = () => {
      text += 'a';
      writeDatabase(text);
    };
    const runShared = createCountingPodman({ meanwhile });
    expect([await runShared(), await runShared()]).toEqual(['answer 1', 'answer 2']);
  });

  it('always runs podman if there is no database to look at', async () => {
    const runShared = createCountingPodman();
    expect([await runShared(), await runShared()]).toEqual(['answer 1', 'answer 2']);
  });

  it.each([
    ['ten seconds', {}, 9_000, 2_000],
    ['the time that the caller gives', { maxAgeMs: () => 250 }, 200, 100],
  ])('runs podman again after %s', async (_case, options, beforeMs, thenMs) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      writeDatabase('a');
      const runShared = createCountingPodman();
      await runShared(options);
      vi.advanceTimersByTime(beforeMs);
      expect(await runShared(options)).toBe('answer 1');
      vi.advanceTimersByTime(thenMs);
      expect(await runShared(options)).toBe('answer 2');
    } finally {
      vi.useRealTimers();
    }
  });

  it('queries the service instead of running a command, and returns its answer again', async () => {
    writeDatabase('a');
    const answers = ['query 1', 'query 2'];
    const runShared = createCountingPodman({ service: async () => answers.shift() });
    expect([await runShared({ query }), await runShared({ query })]).toEqual(Array(2).fill('by the service: query 1'));
    writeDatabase('b');
    expect(await runShared({ query })).toBe('by the service: query 2');
  });

  it('runs the command if the service has no answer, or if `isFresh` is set', async () => {
    const away = createCountingPodman();
    expect(await away({ query })).toBe('answer 1');
    const runShared = createCountingPodman({ service: async () => 'query' });
    expect(await runShared({ query, isFresh: true })).toBe('answer 1');
  });

  it('does not reuse an answer after a fresh one showed a change that the database does not show', async () => {
    writeDatabase('a');
    const runShared = createCountingPodman();
    await runShared();
    expect(await runShared({ isFresh: true, isSame: () => false })).toBe('answer 2');
    expect([await runShared(), await runShared()]).toEqual(['answer 3', 'answer 4']);
  });
});
