import { images, sharedService, skipWithoutLimits, testPodman } from '@podman-api/testing';
import { uniqueContainerName, uniqueVolumeName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { describeContainerRoutes } from './contract/container-routes.ts';

const { call } = sharedService();

// Other images are tested in `npm run test:all`.
describeContainerRoutes('busybox');

describe('POST /containers', () => {
  it('returns 409 to one of two requests with the same name', async () => {
    const name = uniqueContainerName();
    const body = { image: images.plain, name, network: 'none', command: ['sleep', '300'] };
    const responses = await Promise.all([call('POST', '/containers', body), call('POST', '/containers', body)]);
    expect(responses.map(response => response.status).sort()).toEqual([201, 409]);
    expect(responses.find(response => response.status === 409)?.body).toMatchObject({ error: { type: 'ConflictError', code: 409 } });
  });

  it('leaves no container behind if the start fails', async () => {
    const name = uniqueContainerName();
    const failed = await call('POST', '/containers', { image: images.plain, name, command: 'no-such-command' });
    expect(failed).toMatchObject({ status: 400, body: { error: { type: 'ValidationError', details: [{ path: 'command' }] } } });
    expect((await call('GET', `/containers/${name}`)).status).toBe(404);
  });

  it('sets memory, CPU and process limits', async context => {
    skipWithoutLimits(context);
    const name = uniqueContainerName();
    const limits = { memory: '64m', cpus: 0.5, pids_limit: 50 };
    const created = await call('POST', '/containers', { image: images.plain, name, network: 'none', command: 'sleep 300', ...limits });
    expect(created.status).toBe(201);
    expect((await call('GET', `/containers/${name}`)).field('container')).toMatchObject({ ...limits, memory: 64 * 1024 ** 2 });
  });

  it('sets all other options', async () => {
    const name = uniqueContainerName();
    const volume = uniqueVolumeName();
    const created = await call('POST', '/containers', {
      image: images.plain,
      name,
      command: ['-c', 'env; sleep 300'],
      entrypoint: ['sh'],
      environment: { PLAIN: 'a b', LINES: 'one\ntwo', NUMBER: 7, FLAG: true, PATH: '/bin:/opt' },
      ports: { '80/tcp': 0, '81/tcp': null },
      volumes: { [volume]: '/data' },
      work_dir: '/tmp',
      labels: { team: 'a=b' },
      hostname: 'box',
      cap_drop: ['ALL'],
      read_only: true,
      tmpfs: { '/scratch': 'size=1m' },
      init: true,
      restart_policy: 'on-failure:3',
      user: '1000:1000',
    });
    expect(created.status).toBe(201);
    expect(created.field('container.ports')).toEqual([
      { host_ip: '0.0.0.0', host_port: expect.any(Number), container_port: 80, protocol: 'tcp' },
      { host_ip: '0.0.0.0', host_port: expect.any(Number), container_port: 81, protocol: 'tcp' },
    ]);
    expect((await call('GET', `/containers/${name}`)).field('container')).toMatchObject({
      labels: { team: 'a=b' },
      hostname: 'box',
      read_only: true,
      restart_policy: 'on-failure:3',
      user: '1000:1000',
      work_dir: '/tmp',
      environment: { PLAIN: '***', LINES: '***', PATH: '/bin:/opt' },
      volumes: [{ type: 'volume', name: volume, target: '/data', mode: 'rw' }],
    });
    const seen = await call('POST', `/containers/${name}/exec`, {
      command: 'echo "$PLAIN|$LINES|$NUMBER|$FLAG"; pwd; id -u; ls -d /scratch; touch /x',
    });
    expect(seen.field('execution')).toMatchObject({ stdout: 'a b|one\ntwo|7|true\n/tmp\n1000\n/scratch\n', exit_code: 1 });
    expect((await call('DELETE', `/containers/${name}?force=1`)).status).toBe(200);
  });
});

describe('DELETE /containers/:name', () => {
  const ignoresSigterm = ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'];

  it('returns 409 for a running container without force', async () => {
    const name = uniqueContainerName();
    await call('POST', '/containers', { image: images.plain, name, network: 'none', command: ignoresSigterm });
    expect(await call('DELETE', `/containers/${name}?force=false`)).toMatchObject({
      status: 409,
      body: { error: { type: 'ConflictError' } },
    });
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(404);
  });

  it('does not wait for a container that ignores SIGTERM with force', async () => {
    const name = uniqueContainerName();
    // Podman itself would wait for an hour between SIGTERM and SIGKILL.
    await testPodman().run(['run', '--detach', `--name=${name}`, '--stop-timeout=3600', '--', images.plain, ...ignoresSigterm]);
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
  });
});
