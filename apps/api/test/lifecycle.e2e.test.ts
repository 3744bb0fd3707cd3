import {
  callAllNodes,
  findLimitsWarning,
  images,
  sharedContainer,
  sharedService,
  skipWithoutLimits,
  testPodman,
  until,
} from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';

const post = (path: string, body?: object) => sharedService().call('POST', path, body);
const statusOf = async (name: string) => (await sharedService().call('GET', `/containers/${name}`)).field('container.status');
const conflict = (text: string) => ({ status: 409, body: { error: { type: 'ConflictError', message: expect.stringContaining(text) } } });

describe('POST /containers/:name/pause and /unpause', () => {
  it('freeze a container and let it continue, any number of times', async context => {
    skipWithoutLimits(context);
    const name = await startContainer(images.busybox);
    for (const _ of [1, 2]) {
      expect(await post(`/containers/${name}/pause`)).toMatchObject({ status: 200, body: { container: { name, status: 'paused' } } });
    }
    expect(await statusOf(name)).toBe('paused');
    expect(await post(`/containers/${name}/exec`, { command: 'true' })).toMatchObject(conflict('unpause it first'));
    expect(await post(`/containers/${name}/restart`)).toMatchObject(conflict('unpause it first'));
    for (const _ of [1, 2]) {
      expect(await post(`/containers/${name}/unpause`)).toMatchObject({ status: 200, body: { container: { name, status: 'running' } } });
    }
    expect((await post(`/containers/${name}/exec`, { command: 'echo on' })).field('execution.stdout')).toBe('on\n');
  });
});

describe('POST /containers/:name/kill', () => {
  it('sends the signal to the main process', async () => {
    const trap = "trap 'echo got HUP' HUP; echo ready; while :; do sleep 0.1; done";
    const name = await startContainer(images.busybox, 'sh', '-c', trap);
    const logs = () => testPodman().run(['logs', name]);
    await until(async () => (await logs()).includes('ready'));
    expect(await post(`/containers/${name}/kill`, { signal: 'hup' })).toMatchObject({
      status: 200,
      body: { container: { name, signal: 'SIGHUP' } },
    });
    await until(async () => (await logs()).includes('got HUP'));
    expect(await statusOf(name)).toBe('running');
    expect((await post(`/containers/${name}/kill`)).status).toBe(200);
    await until(async () => (await statusOf(name)) === 'exited');
  });
});

describe('POST /containers/:name/restart', () => {
  it.each(['restart', 'kill', 'pause', 'unpause'])('%s returns 404 for a container that does not exist', async verb => {
    // Without root on cgroups v1, podman refuses before it looks for the container.
    const isSupported = verb !== 'unpause' || findLimitsWarning() === undefined;
    expect((await post(`/containers/nowhere-to-be-seen/${verb}`)).status).toBe(isSupported ? 404 : 409);
  });
});

describe('POST /containers/:name/rename', () => {
  it('gives a container a name that is free in the fleet, and keeps its id, state and ttl', async () => {
    const [name, newName, taken] = [uniqueContainerName(), uniqueContainerName(), sharedContainer('plain')];
    const own = { image: images.busybox, name, network: 'none', command: 'sleep 600', ttl: 3600 };
    const id = (await post('/containers', own)).field('container.id');
    const expires = (await sharedService().call('GET', `/containers/${name}`)).field('container.expires_at');
    expect(await post(`/containers/${name}/rename`, { new_name: taken })).toMatchObject(conflict(`${taken} is in use`));
    expect(await post(`/containers/${name}/rename`, { new_name: newName })).toMatchObject({
      status: 200,
      body: { container: { id, name: newName } },
    });
    expect((await sharedService().call('GET', `/containers/${name}`)).status).toBe(404);
    expect((await sharedService().call('GET', `/containers/${newName}`)).body).toMatchObject({
      container: { id, status: 'running', expires_at: expires },
    });
    expect((await post(`/containers/${newName}/exec`, { command: 'hostname' })).status).toBe(200);
    // The old name is free again. A dry run would reserve none.
    expect((await post('/containers', own)).status).toBe(201);
    expect((await sharedService().call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
    expect((await post('/containers?dry_run=true', { ...own, name: newName })).status).toBe(409);
  });

  it('returns 400 without a new name', async () => {
    expect(await post('/containers/web/rename', {})).toMatchObject({ status: 400, body: { error: { details: [{ path: 'new_name' }] } } });
  });
});

describe('the health of a container', () => {
  it('follows its health check, with and without systemd', async () => {
    const { call } = sharedService();
    const name = uniqueContainerName();
    const healthcheck = { test: 'test -e /ready', interval: 1, timeout: 30, retries: 1 };
    const body = { image: images.busybox, name, command: ['sleep', '600'], network: 'none', healthcheck };
    expect((await call('POST', '/containers', body)).status).toBe(201);
    const readListedHealth = async () => (await callAllNodes(call, 'GET', `/containers?name=${name}`)).field('containers.0.health');
    const readInspectedHealth = async () => (await call('GET', `/containers/${name}`)).field('container.health');
    await until(async () => (await readListedHealth()) === 'unhealthy');
    expect((await call('POST', `/containers/${name}/exec`, { command: 'touch /ready' })).status).toBe(200);
    await until(async () => (await readInspectedHealth()) === 'healthy');
    expect((await call('POST', `/containers/${name}/stop?timeout=0`)).status).toBe(200);
    expect([await readInspectedHealth(), await readListedHealth()]).toEqual(['none', 'none']);
  });
});
