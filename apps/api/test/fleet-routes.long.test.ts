import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images, startFleet, type TestFleet, until } from '@podman-api/testing';
import { ownName, ownNetwork } from '@podman-api/testing/containers';
import { startRegistry, type TestRegistry, trustRegistries } from '@podman-api/testing/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followStream } from './events/follow-events.ts';
import { createFleetRoutes, type FleetRoutes, nodeOf } from './fleet/fleet-routes.ts';
import { makeImageIn } from './images/make-image.ts';
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

const maxImageBytes = 100 * 1024 ** 2;

/** Sends a request to the API processes in turns. @throws Error if it does not succeed */
async function send(method: string, path: string, body?: object, headers?: Readonly<Record<string, string>>) {
  const answer = await routes.call(method, path, body, headers);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

/** Creates a container on a node. @returns its name */
async function createOn(node: string, more: object = {}): Promise<string> {
  const name = ownName();
  const answer = await send('POST', '/containers', { image: images.busybox, name, network: 'none', command: 'sleep 600', node, ...more });
  expect(answer.status).toBe(201);
  return name;
}

/** Returns a value of podman's own inspect on a node. */
const inspectOn = async (node: string, name: string, template: string) =>
  (await nodeOf(fleet, node).podman.run(['container', 'inspect', `--format=${template}`, '--', name])).trim();

describe('a fleet of three nodes and two API processes', () => {
  it('changes containers where they are', async () => {
    const name = await createOn('b', { ttl: 600 });
    const status = () => inspectOn('b', name, '{{.State.Status}}');
    await send('POST', `/containers/${name}/stop?timeout=0`);
    await until(async () => (await status()) === 'exited');
    await send('POST', `/containers/${name}/start`);
    expect(await status()).toBe('running');
    await send('POST', `/containers/${name}/restart?timeout=0`);
    expect(await status()).toBe('running');
    await send('POST', `/containers/${name}/renew`, { ttl: 1200 });
    const renamed = ownName();
    await send('POST', `/containers/${name}/rename`, { new_name: renamed });
    expect(await inspectOn('b', renamed, '{{.Name}}')).toBe(renamed);
    expect((await routes.call('GET', `/containers/${name}`)).status).toBe(404);
    expect((await send('GET', `/containers/${renamed}`)).field('container.node')).toBe('b');
    const [waited] = await Promise.all([
      send('GET', `/containers/${renamed}/wait`),
      send('POST', `/containers/${renamed}/kill`, { signal: 'SIGKILL' }),
    ]);
    expect(waited.field('container.exit_code')).toBe(137);
    expect((await send('POST', '/containers/prune', { label: ['none=such'] })).field('unreachable')).toEqual([]);
    await send('DELETE', `/containers/${renamed}`);
    expect((await routes.call('GET', `/containers/${renamed}`)).status).toBe(404);
  });

  it('freezes and limits containers if their nodes can', async () => {
    const name = await createOn('a');
    // A host whose control groups cannot do this answers 400, by the node of the container.
    const paused = await routes.call('POST', `/containers/${name}/pause`);
    const unpaused = await routes.call('POST', `/containers/${name}/unpause`);
    const updated = await routes.call('POST', `/containers/${name}/update`, { memory: '64m' });
    expect([paused.status, unpaused.status, updated.status].filter(status => status === 404 || status === 503)).toEqual([]);
    if (paused.status === 200) expect(unpaused.status).toBe(200);
    await send('DELETE', `/containers/${name}?force=true`);
  });

  it('reads containers of all nodes', async () => {
    const command = ['sh', '-c', 'echo from-the-log; exec sleep 600'];
    const names = await Promise.all(['a', 'b', 'c'].map(node => createOn(node, { command, labels: { test: 'reads' } })));
    const listed = (await send('GET', '/containers?label=test=reads')).field('containers');
    expect(Array.isArray(listed) ? listed.map(({ node }) => node).sort() : listed).toEqual(['a', 'b', 'c']);
    expect((await send('GET', '/containers?label=test=reads&node=c')).field('containers')).toMatchObject([{ name: names[2] }]);
    for (const name of names) {
      await until(async () => String((await send('GET', `/containers/${name}/logs`)).field('container.logs')).includes('from-the-log'));
      expect(JSON.stringify((await send('GET', `/containers/${name}/top`)).body)).toContain('sleep 600');
      expect((await routes.call('GET', `/containers/${name}/stats`)).status).not.toBe(404);
      expect((await send('GET', `/containers/${name}/changes`)).status).toBe(200);
      await send('DELETE', `/containers/${name}?force=true`);
    }
  });

  it('transfers files, archives and users', async () => {
    const name = await createOn('c');
    await send('POST', `/containers/${name}/files`, { dest_path: '/srv/one', content: 'first' });
    const written = await routes.transfer('PUT', filesPath(name, '/srv/two'), { body: 'second' });
    expect(written.status).toBe(201);
    expect((await routes.transfer('GET', filesPath(name, '/srv/one'))).bytes.toString()).toBe('first');
    await send('POST', `/containers/${name}/files/directory`, { path: '/srv/more' });
    await send('POST', `/containers/${name}/files/move`, { from: '/srv/two', to: '/srv/more/two' });
    expect((await send('GET', filesPath(name, '/srv/more/two', {}, 'files/stat'))).field('file.size')).toBe(6);
    expect(JSON.stringify((await send('GET', filesPath(name, '/srv', { depth: '2' }, 'files/list'))).body)).toContain('/srv/more/two');
    const archive = await routes.transfer('GET', filesPath(name, '/srv/more', {}, 'archive'), {
      headers: { 'Accept-Encoding': 'identity' },
    });
    expect(archive.bytes.toString('latin1')).toContain('second');
    const unpacked = await routes.transfer('PUT', filesPath(name, '/srv', {}, 'archive'), {
      body: await packFiles({ three: 'third' }),
      headers: { 'Content-Type': 'application/x-tar' },
    });
    expect(unpacked.status).toBe(200);
    await send('DELETE', filesPath(name, '/srv/one'));
    await send('POST', `/containers/${name}/users`, { username: 'ci' });
    const left = await send('POST', `/containers/${name}/exec`, { command: 'ls /srv; cat /srv/three; id -un ci' });
    expect(left.field('execution.stdout')).toBe('more\nthree\nthirdci\n');
    await send('DELETE', `/containers/${name}?force=true`);
  });

  it('runs commands, and streams and cancels their jobs', async () => {
    const name = await createOn('b');
    const accepted = await send('POST', `/containers/${name}/exec`, { command: 'echo begun; sleep 300' }, { Prefer: 'respond-async' });
    const job = `/jobs/${accepted.field('job.id')}`;
    await until(async () => (await send('GET', job)).field('job.status') === 'running');
    expect(JSON.stringify((await send('GET', `/jobs?node=b&container=${name}`)).body)).toContain(String(accepted.field('job.id')));
    await send('DELETE', job);
    expect((await send('GET', `${job}?wait=60`)).field('job.status')).toBe('cancelled');
    const output = await routes.call('GET', `${job}/output`, undefined, { Accept: 'text/plain' });
    expect(output).toMatchObject({ status: 200, body: 'begun\n' });
    expect(await nodeOf(fleet, 'b').podman.run(['top', name, 'args'])).not.toContain('sleep 300');
    await send('DELETE', `/containers/${name}?force=true`);
  });

  it('runs containers for one command on chosen nodes, and in batches', async () => {
    const run = { image: images.busybox, network: 'none', command: ['sh', '-c', 'read -r name; echo "hello $name"'], stdin: 'world\n' };
    const answer = await send('POST', '/runs', { ...run, node: 'c' });
    expect(answer.field('run.stdout')).toBe('hello world\n');
    expect((await send('GET', `/jobs/${answer.field('job_id')}`)).field('job.node')).toBe('c');
    const batch = await send('POST', '/runs/batch', { runs: ['a', 'b', 'c'].map(node => ({ ...run, node })) });
    const ids = [0, 1, 2].map(index => batch.field(`runs.${index}.job.id`));
    const ended = await Promise.all(ids.map(id => send('GET', `/jobs/${id}?wait=60`)));
    expect(ended.map(one => [one.field('job.node'), one.field('job.result.stdout')])).toEqual(
      ['a', 'b', 'c'].map(node => [node, 'hello world\n']),
    );
    for (const node of fleet.nodes) expect(await node.podman.run(['ps', '--all', '--quiet', '--filter=label=podman-api.job'])).toBe('');
  });

  it('pulls, pushes, tags, exports, loads and removes images', async () => {
    const reference = `${registry.host}/routes:1`;
    const path = `/images/${encodeURIComponent(reference)}`;
    await makeImageIn(nodeOf(fleet, 'a').podman, reference);
    expect((await send('POST', '/images/push', { reference })).field('image.node')).toBe('a');
    const pulled = await send('POST', '/images/pull', { reference, all_nodes: true });
    expect(pulled.field('images')).toMatchObject([{ node: 'a' }, { node: 'b' }, { node: 'c' }]);
    expect((await send('GET', `/images?reference=${reference}`)).field('images')).toMatchObject([
      { node: 'a' },
      { node: 'b' },
      { node: 'c' },
    ]);
    expect((await send('GET', path)).field('image.references')).toEqual([reference]);
    const podmanOfB = nodeOf(fleet, 'b').podman;
    const tagged = `${registry.host}/routes:2`;
    await send('POST', `${path}/tag?node=b`, { reference: tagged });
    expect((await send('GET', `/images?reference=${tagged}`)).field('images')).toMatchObject([{ node: 'b' }]);
    const exported = await routes.transfer('GET', `/images/export?${new URLSearchParams({ reference: tagged })}`);
    expect(exported.status).toBe(200);
    // An image with a name that ALLOWED_IMAGES allows cannot be loaded, and one with another name cannot be exported.
    const local = 'localhost/routes:2';
    await podmanOfB.run(['tag', tagged, local]);
    const loaded = await routes.transfer('POST', '/images/load?node=c', {
      body: new Uint8Array(await podmanOfB.read(['save', '--quiet', local], maxImageBytes)),
      headers: { 'Content-Type': 'application/x-tar' },
    });
    expect(loaded).toMatchObject({ status: 200, body: { images: [{ reference: local }] } });
    expect(await nodeOf(fleet, 'c').podman.run(['images', '--format={{.Repository}}'])).toContain('localhost/routes');
    await send('DELETE', `/images/${encodeURIComponent(local)}?node=c`);
    expect((await send('POST', '/images/prune', { all: true, label: 'team=images' })).field('unreachable')).toEqual([]);
    expect((await send('GET', `/images?reference=${reference}`)).field('images')).toEqual([]);
  });

  it('builds an image and commits a container on their nodes', async () => {
    const tag = 'localhost/built:1';
    const body = await packFiles({ Containerfile: `FROM ${images.busybox}\nRUN echo built >/built\n` });
    const built = await routes.transfer('POST', `/images/build?${new URLSearchParams({ tag, node: 'b' })}`, { body });
    expect(built).toMatchObject({ status: 201, body: { image: { reference: tag } } });
    const name = await createOn('b');
    await send('POST', `/containers/${name}/exec`, { command: 'echo committed >/committed' });
    const committed = 'localhost/committed:1';
    await send('POST', `/containers/${name}/commit`, { reference: committed, pause: false });
    // ALLOWED_IMAGES allows neither of them.
    const printOn = (image: string, path: string) =>
      nodeOf(fleet, 'b').podman.run(['run', '--rm', '--network=none', '--', image, 'cat', path]);
    expect([await printOn(tag, '/built'), await printOn(committed, '/committed')]).toEqual(['built\n', 'committed\n']);
    expect((await send('GET', '/images?reference=committed')).field('images')).toMatchObject([{ node: 'b' }]);
    await send('DELETE', `/containers/${name}?force=true`);
    for (const reference of [committed, tag]) await send('DELETE', `/images/${encodeURIComponent(reference)}`);
  });

  it('manages volumes, also two of one name', async () => {
    const name = 'data';
    for (const node of ['a', 'c']) await send('POST', '/volumes', { name, node, labels: { test: 'routes' } });
    expect((await send('GET', '/volumes?label=test=routes')).field('volumes')).toMatchObject([{ node: 'a' }, { node: 'c' }]);
    expect((await routes.call('DELETE', `/volumes/${name}`)).status).toBe(409);
    await send('DELETE', `/volumes/${name}?node=a`);
    expect((await send('GET', `/volumes/${name}`)).field('volume.node')).toBe('c');
    expect((await send('POST', '/volumes/prune', { label: ['test=routes'] })).field('volumes')).toMatchObject([{ name, node: 'c' }]);
  });

  // Nodes of one host may share the folder of their networks, so each request names the node.
  it('manages networks and connects containers', async () => {
    const name = ownNetwork();
    await send('POST', '/networks', { name, node: 'b', internal: true, labels: { test: name } });
    expect((await send('GET', `/networks?label=test=${name}&node=b`)).field('networks')).toMatchObject([{ name, node: 'b' }]);
    const container = await createOn('b', { network: 'bridge' });
    await send('POST', `/networks/${name}/connect?node=b`, { container });
    expect((await send('GET', `/networks/${name}?node=b`)).field('network.containers')).toEqual([container]);
    await send('POST', `/networks/${name}/disconnect?node=b`, { container });
    await send('DELETE', `/containers/${container}?force=true`);
    expect((await send('POST', '/networks/prune?node=b', { label: [`test=${name}`] })).field('networks')).toMatchObject([{ name }]);
    const other = ownNetwork();
    await send('POST', '/networks', { name: other, node: 'c' });
    await send('DELETE', `/networks/${other}?node=c`);
  });

  it('fills pools on the nodes that they select, and hands their containers out', async () => {
    const container = { image: images.busybox, command: ['sleep', '600'], network: 'none' };
    await send('PUT', '/pools/routes', { size: 2, node_selector: { zone: 'east' }, container });
    const idle = async () => (await send('GET', '/containers?pool=routes')).field('containers');
    await until(async () => {
      const list = await idle();
      return Array.isArray(list) && list.length >= 2;
    });
    expect(JSON.stringify((await send('GET', '/pools')).body)).toContain('routes');
    await until(async () => Number((await send('GET', '/pools/routes')).field('pool.idle')) >= 2);
    const name = ownName();
    const claimed = await send('POST', '/containers', { pool: 'routes', name });
    expect(claimed.field('container.warm')).toBe(true);
    expect(['a', 'b']).toContain((await send('GET', `/containers/${name}`)).field('container.node'));
    expect((await send('POST', `/containers/${name}/exec`, { command: 'echo ready' })).field('execution.stdout')).toBe('ready\n');
    await send('DELETE', '/pools/routes');
    await until(async () => JSON.stringify(await idle()) === '[]');
    await send('DELETE', `/containers/${name}?force=true`);
  });

  it('opens a terminal, and continues it at the other API process', async () => {
    const name = await createOn('c');
    const path = `/containers/${name}/terminal`;
    await send('POST', '/tickets', { path: `/api/v1${path}` });
    const first = openTerminal(routes.urlFor('GET', path), path);
    const { session } = await first.message('ready');
    first.type('echo one-$((40+2))\n');
    await until(() => first.output().includes('one-42'));
    first.socket.terminate();
    const second = openTerminal(routes.urlFor('GET', path), `${path}?session=${session}&takeover=true`);
    await second.message('ready');
    second.type('exit 3\n');
    expect(await second.closed()).toBe(1000);
    expect(second.messages.at(-1)).toEqual({ type: 'exit', exit_code: 3 });
    await send('DELETE', `/containers/${name}?force=true`);
  });

  it('streams the events of one node', async () => {
    const { events } = await followStream(routes.urlFor('GET', '/events'), '/events?node=b&type=container');
    const [elsewhere, here] = [await createOn('a'), await createOn('b')];
    await until(() => events.some(({ name, action }) => name === here && action === 'start'));
    expect(events.filter(({ name }) => name === elsewhere)).toEqual([]);
    for (const name of [elsewhere, here]) await send('DELETE', `/containers/${name}?force=true`);
  });

  it('drains a node, removes one that is gone, and describes itself', async () => {
    await send('POST', '/nodes/a/drain');
    // Each API process reads the nodes once a second.
    const statusOfA = (status: string) =>
      Promise.all(fleet.apis.map(({ call }) => until(async () => (await call('GET', '/nodes/a')).field('node.status') === status)));
    await statusOfA('draining');
    const selected = { image: images.busybox, name: ownName(), network: 'none', node_selector: { zone: 'east' } };
    await send('POST', '/containers', selected);
    expect((await send('GET', `/containers/${selected.name}`)).field('container.node')).toBe('b');
    await send('POST', '/nodes/a/resume');
    await statusOfA('ready');
    await send('GET', '/nodes/a');
    expect((await routes.call('DELETE', '/nodes/b')).status).toBe(409);
    expect((await send('GET', '/health')).field('status')).toBe('healthy');
    await send('GET', '/metrics');
    expect((await fetch(`${routes.urlFor('GET', '/openapi.json')}/api/v1/openapi.json`)).status).toBe(200);
    // There are no tokens in this fleet.
    expect((await routes.call('GET', '/tokens/self')).status).toBe(404);
    await nodeOf(fleet, 'b').worker.end('SIGKILL');
    await until(async () => (await routes.call('DELETE', '/nodes/b')).status === 200);
    await until(async () => JSON.stringify((await send('GET', '/nodes')).body).includes('"name":"b"') === false);
  });

  it('has been sent a request for each route', () => {
    expect(routes.missing()).toEqual([]);
  });
});
