import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLimitsWarning, images, startFleet, type TestFleet, until } from '@podman-api/testing';
import { uniqueContainerName, uniqueNetworkName } from '@podman-api/testing/containers';
import { startRegistry, type TestRegistry, trustRegistries } from '@podman-api/testing/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followStream } from './events/follow-events.ts';
import { createFleetRoutes, type FleetRoutes, inspectOn, nodeOf } from './fleet/fleet-routes.ts';
import { buildAndCommit, exchangeImages } from './fleet/image-scenarios.ts';
import { openTerminal } from './terminals/terminal-client.ts';
import { packFiles } from './transfers/pack-files.ts';
import { filesPath } from './transfers/transfer-client.ts';

let fleet: TestFleet;
let registry: TestRegistry;
let routes: FleetRoutes;
const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
beforeAll(async () => {
  registry = await startRegistry();
  const common = {
    ...trustRegistries(join(folder, 'registries.conf'), [registry.host]),
    ALLOWED_IMAGES: `${registry.host}/*,localhost/podman-api-test/*`,
  };
  const east = { NODE_LABELS: 'zone=east' };
  fleet = await startFleet({ a: east, b: east, c: { NODE_LABELS: 'zone=west' } }, common);
  routes = createFleetRoutes(fleet);
});
afterAll(async () => {
  await fleet.stop();
  await registry.stop();
  rmSync(folder, { recursive: true });
});

describe('a fleet of three nodes and two API processes', () => {
  it('changes containers where they are', async () => {
    const name = await routes.createOn('b', { ttl: 600 });
    const status = () => inspectOn(fleet, 'b', name, '{{.State.Status}}');
    await routes.send('POST', `/containers/${name}/stop?timeout=0`);
    await until(async () => (await status()) === 'exited');
    await routes.send('POST', `/containers/${name}/start`);
    expect(await status()).toBe('running');
    await routes.send('POST', `/containers/${name}/restart?timeout=0`);
    expect(await status()).toBe('running');
    await routes.send('POST', `/containers/${name}/renew`, { ttl: 1200 });
    const renamed = uniqueContainerName();
    await routes.send('POST', `/containers/${name}/rename`, { new_name: renamed });
    expect(await inspectOn(fleet, 'b', renamed, '{{.Name}}')).toBe(renamed);
    expect((await routes.call('GET', `/containers/${name}`)).status).toBe(404);
    expect((await routes.send('GET', `/containers/${renamed}`)).field('container.node')).toBe('b');
    const [waited] = await Promise.all([
      routes.send('GET', `/containers/${renamed}/wait`),
      routes.send('POST', `/containers/${renamed}/kill`, { signal: 'SIGKILL' }),
    ]);
    expect(waited.field('container.exit_code')).toBe(137);
    expect((await routes.send('POST', '/containers/prune', { label: ['none=such'] })).field('unreachable')).toEqual([]);
    await routes.send('DELETE', `/containers/${renamed}`);
    expect((await routes.call('GET', `/containers/${renamed}`)).status).toBe(404);
  });

  it('freezes and limits containers if their nodes can', async () => {
    const name = await routes.createOn('a');
    const send = (verb: string, body?: object) => routes.call('POST', `/containers/${name}/${verb}`, body);
    const [paused, unpaused, updated] = [await send('pause'), await send('unpause'), await send('update', { memory: '64m' })];
    // Without root on cgroups v1, podman refuses the first two, and ignores or refuses the limit.
    const canLimit = findLimitsWarning() === undefined;
    expect([paused.status, unpaused.status]).toEqual(canLimit ? [200, 200] : [409, 409]);
    expect(canLimit ? [200] : [200, 409]).toContain(updated.status);
    await routes.send('DELETE', `/containers/${name}?force=true`);
  });

  it('reads containers of all nodes', async () => {
    const command = ['sh', '-c', 'echo from-the-log; exec sleep 600'];
    const names = await Promise.all(['a', 'b', 'c'].map(node => routes.createOn(node, { command, labels: { test: 'reads' } })));
    const listed = (await routes.send('GET', '/containers?label=test=reads')).field('containers');
    expect(Array.isArray(listed) ? listed.map(({ node }) => node).sort() : listed).toEqual(['a', 'b', 'c']);
    expect((await routes.send('GET', '/containers?label=test=reads&node=c')).field('containers')).toMatchObject([{ name: names[2] }]);
    for (const name of names) {
      await until(async () =>
        String((await routes.send('GET', `/containers/${name}/logs`)).field('container.logs')).includes('from-the-log'),
      );
      expect(JSON.stringify((await routes.send('GET', `/containers/${name}/top`)).body)).toContain('sleep 600');
      expect((await routes.call('GET', `/containers/${name}/stats`)).status).not.toBe(404);
      expect((await routes.send('GET', `/containers/${name}/changes`)).status).toBe(200);
      await routes.send('DELETE', `/containers/${name}?force=true`);
    }
  });

  it('transfers files, archives and users', async () => {
    const name = await routes.createOn('c');
    await routes.send('POST', `/containers/${name}/files`, { dest_path: '/srv/one', content: 'first' });
    const written = await routes.transfer('PUT', filesPath(name, '/srv/two'), { body: 'second' });
    expect(written.status).toBe(201);
    expect((await routes.transfer('GET', filesPath(name, '/srv/one'))).bytes.toString()).toBe('first');
    await routes.send('POST', `/containers/${name}/files/directory`, { path: '/srv/more' });
    await routes.send('POST', `/containers/${name}/files/move`, { from: '/srv/two', to: '/srv/more/two' });
    expect((await routes.send('GET', filesPath(name, '/srv/more/two', {}, 'files/stat'))).field('file.size')).toBe(6);
    expect(JSON.stringify((await routes.send('GET', filesPath(name, '/srv', { depth: '2' }, 'files/list'))).body)).toContain(
      '/srv/more/two',
    );
    const archive = await routes.transfer('GET', filesPath(name, '/srv/more', {}, 'archive'), {
      headers: { 'Accept-Encoding': 'identity' },
    });
    expect(archive.bytes.toString('latin1')).toContain('second');
    const unpacked = await routes.transfer('PUT', filesPath(name, '/srv', {}, 'archive'), {
      body: await packFiles({ three: 'third' }),
      headers: { 'Content-Type': 'application/x-tar' },
    });
    expect(unpacked.status).toBe(200);
    await routes.send('DELETE', filesPath(name, '/srv/one'));
    await routes.send('POST', `/containers/${name}/users`, { username: 'ci' });
    const left = await routes.send('POST', `/containers/${name}/exec`, { command: 'ls /srv; cat /srv/three; id -un ci' });
    expect(left.field('execution.stdout')).toBe('more\nthree\nthirdci\n');
    await routes.send('DELETE', `/containers/${name}?force=true`);
  });

  it('runs commands, and streams and cancels their jobs', async () => {
    const name = await routes.createOn('b');
    const accepted = await routes.send(
      'POST',
      `/containers/${name}/exec`,
      { command: 'echo begun; sleep 300' },
      { Prefer: 'respond-async' },
    );
    const job = `/jobs/${accepted.field('job.id')}`;
    await until(async () => (await routes.send('GET', job)).field('job.status') === 'running');
    expect(JSON.stringify((await routes.send('GET', `/jobs?node=b&container=${name}`)).body)).toContain(String(accepted.field('job.id')));
    await routes.send('DELETE', job);
    expect((await routes.send('GET', `${job}?wait=60`)).field('job.status')).toBe('cancelled');
    const output = await routes.call('GET', `${job}/output`, undefined, { Accept: 'text/plain' });
    expect(output).toMatchObject({ status: 200, body: 'begun\n' });
    expect(await nodeOf(fleet, 'b').podman.run(['top', name, 'args'])).not.toContain('sleep 300');
    await routes.send('DELETE', `/containers/${name}?force=true`);
  });

  it('runs containers for one command on chosen nodes, and in batches', async () => {
    const run = { image: images.busybox, network: 'none', command: ['sh', '-c', 'read -r name; echo "hello $name"'], stdin: 'world\n' };
    const response = await routes.send('POST', '/runs', { ...run, node: 'c' });
    expect(response.field('run.stdout')).toBe('hello world\n');
    expect((await routes.send('GET', `/jobs/${response.field('job_id')}`)).field('job.node')).toBe('c');
    const batch = await routes.send('POST', '/runs/batch', { runs: ['a', 'b', 'c'].map(node => ({ ...run, node })) });
    const ids = [0, 1, 2].map(index => batch.field(`runs.${index}.job.id`));
    const ended = await Promise.all(ids.map(id => routes.send('GET', `/jobs/${id}?wait=60`)));
    expect(ended.map(one => [one.field('job.node'), one.field('job.result.stdout')])).toEqual(
      ['a', 'b', 'c'].map(node => [node, 'hello world\n']),
    );
    for (const node of fleet.nodes) expect(await node.podman.run(['ps', '--all', '--quiet', '--filter=label=podman-api.job'])).toBe('');
  });

  it('pulls, pushes, tags, exports, loads and removes images', () => exchangeImages(fleet, routes, registry.host));

  it('builds an image and commits a container on their nodes', () => buildAndCommit(fleet, routes));

  it('manages volumes, also two of one name', async () => {
    const name = 'data';
    for (const node of ['a', 'c']) await routes.send('POST', '/volumes', { name, node, labels: { test: 'routes' } });
    expect((await routes.send('GET', '/volumes?label=test=routes')).field('volumes')).toMatchObject([{ node: 'a' }, { node: 'c' }]);
    expect((await routes.call('DELETE', `/volumes/${name}`)).status).toBe(409);
    await routes.send('DELETE', `/volumes/${name}?node=a`);
    expect((await routes.send('GET', `/volumes/${name}`)).field('volume.node')).toBe('c');
    expect((await routes.send('POST', '/volumes/prune', { label: ['test=routes'] })).field('volumes')).toMatchObject([{ name, node: 'c' }]);
  });

  it('manages networks and connects containers', async () => {
    const name = uniqueNetworkName();
    await routes.send('POST', '/networks', { name, node: 'b', internal: true, labels: { test: name } });
    expect((await routes.send('GET', `/networks?label=test=${name}&node=b`)).field('networks')).toMatchObject([{ name, node: 'b' }]);
    const container = await routes.createOn('b', { network: 'bridge' });
    await routes.send('POST', `/networks/${name}/connect?node=b`, { container });
    expect((await routes.send('GET', `/networks/${name}?node=b`)).field('network.containers')).toEqual([container]);
    await routes.send('POST', `/networks/${name}/disconnect?node=b`, { container });
    await routes.send('DELETE', `/containers/${container}?force=true`);
    expect((await routes.send('POST', '/networks/prune?node=b', { label: [`test=${name}`] })).field('networks')).toMatchObject([{ name }]);
    const other = uniqueNetworkName();
    await routes.send('POST', '/networks', { name: other, node: 'c' });
    await routes.send('DELETE', `/networks/${other}?node=c`);
  });

  it('fills pools on the nodes that they select, and hands their containers out', async () => {
    const container = { image: images.busybox, command: ['sleep', '600'], network: 'none' };
    await routes.send('PUT', '/pools/routes', { size: 2, node_selector: { zone: 'east' }, container });
    const idle = async () => (await routes.send('GET', '/containers?pool=routes')).field('containers');
    await until(async () => {
      const list = await idle();
      return Array.isArray(list) && list.length >= 2;
    });
    expect(JSON.stringify((await routes.send('GET', '/pools')).body)).toContain('routes');
    await until(async () => Number((await routes.send('GET', '/pools/routes')).field('pool.idle')) >= 2);
    const name = uniqueContainerName();
    const claimed = await routes.send('POST', '/containers', { pool: 'routes', name });
    expect(claimed.field('container.warm')).toBe(true);
    expect(['a', 'b']).toContain((await routes.send('GET', `/containers/${name}`)).field('container.node'));
    expect((await routes.send('POST', `/containers/${name}/exec`, { command: 'echo ready' })).field('execution.stdout')).toBe('ready\n');
    await routes.send('DELETE', '/pools/routes');
    await until(async () => JSON.stringify(await idle()) === '[]');
    await routes.send('DELETE', `/containers/${name}?force=true`);
  });

  it('opens a terminal, and continues it at the other API process', async () => {
    const name = await routes.createOn('c');
    const path = `/containers/${name}/terminal`;
    await routes.send('POST', '/tickets', { path: `/api/v1${path}` });
    const first = openTerminal(routes.urlFor('GET', path), path);
    const { session } = await first.message('ready');
    first.type('echo one-$((40+2))\n');
    await until(() => first.output().includes('one-42'));
    first.socket.terminate();
    const second = openTerminal(routes.urlFor('GET', path), `${path}?session=${session}&takeover=true`);
    await second.message('ready');
    second.type('exit 3\n');
    expect(await second.waitForClose()).toBe(1000);
    expect(second.messages.at(-1)).toEqual({ type: 'exit', exit_code: 3 });
    await routes.send('DELETE', `/containers/${name}?force=true`);
  });

  it('streams the events of one node', async () => {
    const { events } = await followStream(routes.urlFor('GET', '/events'), '/events?node=b&type=container');
    const [elsewhere, here] = [await routes.createOn('a'), await routes.createOn('b')];
    await until(() => events.some(({ name, action }) => name === here && action === 'start'));
    expect(events.filter(({ name }) => name === elsewhere)).toEqual([]);
    for (const name of [elsewhere, here]) await routes.send('DELETE', `/containers/${name}?force=true`);
  });

  it('drains a node, removes one that is gone, and describes itself', async () => {
    await routes.send('POST', '/nodes/a/drain');
    // Each API process reads the nodes once a second.
    const statusOfA = (status: string) =>
      Promise.all(fleet.apis.map(({ call }) => until(async () => (await call('GET', '/nodes/a')).field('node.status') === status)));
    await statusOfA('draining');
    const selected = { image: images.busybox, name: uniqueContainerName(), network: 'none', node_selector: { zone: 'east' } };
    await routes.send('POST', '/containers', selected);
    expect((await routes.send('GET', `/containers/${selected.name}`)).field('container.node')).toBe('b');
    await routes.send('POST', '/nodes/a/resume');
    await statusOfA('ready');
    await routes.send('GET', '/nodes/a');
    expect((await routes.call('DELETE', '/nodes/b')).status).toBe(409);
    expect((await routes.send('GET', '/health')).field('status')).toBe('healthy');
    await routes.send('GET', '/metrics');
    expect((await fetch(`${routes.urlFor('GET', '/openapi.json')}/api/v1/openapi.json`)).status).toBe(200);
    // There are no tokens in this fleet.
    expect((await routes.call('GET', '/tokens/self')).status).toBe(404);
    await nodeOf(fleet, 'b').worker.end('SIGKILL');
    await until(async () => (await routes.call('DELETE', '/nodes/b')).status === 200);
    await until(async () => JSON.stringify((await routes.send('GET', '/nodes')).body).includes('"name":"b"') === false);
  });

  it('has been sent a request for each route', () => {
    expect(routes.missing()).toEqual([]);
  });
});
