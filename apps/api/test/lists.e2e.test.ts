import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, startFleet, type TestFleet, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkListsAfterChanges } from './lists/change-rounds.ts';

/** The podman of the node waits in `ps` while a file exists. */
const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
const gate = join(folder, 'gate');
const gatedPodman = `#!/bin/sh
case $* in 'ps --all'*) while [ -e ${gate} ]; do sleep 0.1; done ;; esac
PATH=\${PATH#*:}
exec podman "$@"
`;

describe('GET /containers', () => {
  let fleet: TestFleet;
  let podman: TestFleet['nodes'][number]['podman'];
  beforeAll(async () => {
    writeFileSync(join(folder, 'podman'), gatedPodman, { mode: 0o755 });
    fleet = await startFleet({ a: { PATH: `${folder}:${process.env['PATH']}` } });
    const [node] = fleet.nodes;
    if (!node) throw new Error('there is no node');
    ({ podman } = node);
  });
  afterAll(async () => {
    await fleet.stop();
    rmSync(folder, { recursive: true });
  });

  const newName = () => `l-${randomBytes(5).toString('hex')}`;
  const small = { image: images.plain, network: 'none', command: 'sleep 600' };
  const statusIn = async (name: string) => (await fleet.call('GET', `/containers?name=${name}`)).field('containers.0.status');

  it('lists what was created before, and nothing that was removed before', async () => {
    await checkListsAfterChanges(fleet, 4);
  });

  it('shows changes that others make with podman at once', async () => {
    const name = newName();
    expect(await statusIn(name)).toBeUndefined();
    await podman.run(['run', '--detach', '--network=none', `--name=${name}`, images.plain, 'sleep', '600']);
    expect(await statusIn(name)).toBe('running');
    await podman.run(['stop', '--time=0', name]);
    // Podman's late clean-up turns "stopped" into "exited".
    expect(['exited', 'stopped']).toContain(await statusIn(name));
    await podman.run(['rename', name, `${name}-new`]);
    expect(['exited', 'stopped']).toContain(await statusIn(`${name}-new`));
    await podman.run(['rm', `${name}-new`]);
    expect(await statusIn(name)).toBeUndefined();
  });

  it('shows podman’s status of a container that has ended by itself', async () => {
    const name = newName();
    await podman.run(['run', '--detach', '--network=none', `--name=${name}`, images.plain, 'sleep', '1']);
    await until(async () => {
      const status = (await podman.run(['inspect', '--format={{.State.Status}}', '--', name])).trim();
      return status !== 'running' && status === (await statusIn(name));
    });
  });

  it('shows every caller what was there before they asked', async () => {
    const lists: Promise<unknown>[] = [];
    for (const name of Array.from({ length: 5 }, newName)) {
      await fleet.call('POST', '/containers', { ...small, name });
      for (let caller = 0; caller < 10; caller += 1) lists.push(statusIn(name));
    }
    expect(await Promise.all(lists)).toEqual(lists.map(() => 'running'));
  });

  it('shares one job among callers who ask while another list is under way', async () => {
    writeFileSync(gate, '');
    const list = () => fleet.call('GET', '/containers', undefined, { 'Cache-Control': 'no-cache' });
    const lists = Array.from({ length: 30 }, list);
    await until(async () => (await fleet.call('GET', '/jobs?operation=container.list&status=running')).field('jobs.0.id') !== undefined);
    rmSync(gate);
    const jobs = (await Promise.all(lists)).map(({ field }) => field('job_id'));
    expect(jobs.every(job => typeof job === 'string')).toBe(true);
    expect(new Set(jobs).size).toBeLessThan(jobs.length);
  });
});
