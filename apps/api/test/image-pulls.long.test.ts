import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFleet, type TestFleet, type TestNode, until } from '@podman-api/testing';
import { type RegistryGate, startRegistry, startRegistryGate, type TestRegistry, trustRegistries } from '@podman-api/testing/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeImageIn } from './images/make-image.ts';

/** Bytes of a layer: more than the gate and the buffers of sockets take. */
const layerBytes = 16_000_000;

describe('pulls that are under way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  /** Temporary files of all processes. */
  const temp = mkdtempSync(join(tmpdir(), 'podman-api-temp-'));
  let registry: TestRegistry;
  let gate: RegistryGate;
  let fleet: TestFleet;
  beforeAll(async () => {
    registry = await startRegistry();
    gate = await startRegistryGate(registry.host);
    const hosts = [registry.host, gate.host];
    const policy = { ALLOWED_IMAGES: hosts.map(host => `${host}/*`).join() };
    fleet = await startFleet(
      { a: {}, b: {}, c: {} },
      { ...trustRegistries(join(folder, 'registries.conf'), hosts), ...policy, TMPDIR: temp },
    );
  });
  afterAll(async () => {
    await fleet.stop();
    gate.stop();
    await registry.stop();
    for (const path of [folder, temp]) rmSync(path, { recursive: true });
  });

  const nodeNamed = (name: string): TestNode => {
    const node = fleet.nodes.find(candidate => candidate.name === name);
    if (!node) throw new Error(`there is no node ${name}`);
    return node;
  };
  let count = 0;
  /** Creates an image on node a and pushes it; no node has it then. @returns its reference behind the gate */
  const pushImage = async () => {
    count += 1;
    const name = `app-${count}:1`;
    const reference = `${registry.host}/${name}`;
    await makeImageIn(nodeNamed('a').podman, reference, layerBytes);
    expect(await fleet.call('POST', '/images/push', { reference })).toMatchObject({ status: 200 });
    expect(await fleet.call('DELETE', `/images/${encodeURIComponent(reference)}`)).toMatchObject({ status: 200 });
    return `${gate.host}/${name}`;
  };
  const submit = async (reference: string, extraFields: object = {}) => {
    const response = await fleet.call('POST', '/images/pull', { reference, ...extraFields }, { Prefer: 'respond-async' });
    expect(response.status).toBe(202);
    const jobs = response.field('jobs');
    return Array.isArray(jobs) ? jobs.map(({ id }) => String(id)) : [String(response.field('job.id'))];
  };
  const statusOf = async (job: string) => String((await fleet.call('GET', `/jobs/${job}`)).field('job.status'));
  const hasStatus = (job: string, ...statuses: string[]) => until(async () => statuses.includes(await statusOf(job)));
  const isDownloading = (job: string) => readdirSync(temp, { recursive: true, encoding: 'utf8' }).some(entry => entry.includes(job));
  /** Reads the output of a job until it contains a string. */
  const outputHas = async (job: string, text: string) => {
    const response = await fetch(`${fleet.apis[0].url}/api/v1/jobs/${job}/output`, { headers: { Accept: 'text/plain' } });
    let output = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      output += chunk;
      if (output.includes(text)) return;
    }
    throw new Error(`the output ended without ${text}: ${output}`);
  };

  it('have progress in the output of the job of each node before the end', async () => {
    const reference = await pushImage();
    gate.close();
    const jobs = await submit(reference, { all_nodes: true });
    expect(jobs).toHaveLength(3);
    for (const job of jobs) {
      await outputHas(job, '"status":"copying"');
      expect(await statusOf(job)).toBe('running');
    }
    gate.open();
    for (const job of jobs) await hasStatus(job, 'succeeded');
    const listed = await fleet.call('GET', `/images?reference=${reference}`);
    expect(listed).toMatchObject({ body: { images: [{ node: 'a' }, { node: 'b' }, { node: 'c' }] } });
  });

  // Steps: one pull is under way; another waits for it; both end, and each blob was read from the registry once.
  it('are one download for two callers on a node', async () => {
    const reference = await pushImage();
    const start = registry.log().length;
    gate.close();
    const [first = ''] = await submit(reference, { node: 'a' });
    await until(() => isDownloading(first));
    const [second = ''] = await submit(reference, { node: 'a' });
    await outputHas(second, 'Waiting for another pull');
    gate.open();
    for (const job of [first, second]) await hasStatus(job, 'succeeded');
    const lines = registry.log().slice(start).split('\n');
    const blobs = lines.flatMap(line => /"GET (\/v2\/\S+\/blobs\/\S+)/.exec(line)?.[1] ?? []);
    // The layer and the configuration, which the second pull reads again.
    expect(new Set(blobs).size).toBe(2);
    expect(blobs.length).toBeLessThan(4);
  });

  it.each(['the job is cancelled', 'the worker dies'])('leave nothing if %s, and the next pull succeeds', async reason => {
    const reference = await pushImage();
    const node = nodeNamed('b');
    gate.close();
    const [job = ''] = await submit(reference, { node: 'b' });
    await until(() => isDownloading(job));
    if (reason === 'the job is cancelled') {
      expect((await fleet.call('DELETE', `/jobs/${job}`)).status).toBe(200);
      await hasStatus(job, 'cancelled');
    } else {
      await node.worker.end('SIGKILL');
      node.restart();
      // Unknown if the death is noticed before the next worker has started.
      await hasStatus(job, 'failed', 'unknown');
    }
    await until(() => !isDownloading(job));
    expect(fleet.childrenOf(node.worker, 'pull')).toEqual([]);
    expect(await fleet.call('GET', `/images?reference=${reference}`)).toMatchObject({ body: { images: [] } });
    gate.open();
    const response = await fleet.call('POST', '/images/pull', { reference, node: 'b' });
    expect(response).toMatchObject({ status: 200, body: { image: { reference, node: 'b' } } });
  });
});
