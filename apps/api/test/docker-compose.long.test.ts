import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerUrlOf, images, type SendRequest, type Service, startFleet, startService, type TestFleet } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { findDockerCompose } from '@podman-api/testing/docker-compose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDockerCli, type DockerCli } from './docker/docker-cli.ts';

/** Two services, of which the second one starts when the first one is healthy, and finds it by an alias. */
const composeFile = `
services:
  db:
    image: ${images.busybox}
    command: sh -c 'echo from-db > /data/index.html; exec httpd -f -p 80 -h /data'
    volumes: [data:/data]
    networks:
      back: { aliases: [database] }
    healthcheck: { test: [CMD, wget, -q, -O, /dev/null, http://127.0.0.1/], interval: 1s, retries: 100 }
  web:
    image: ${images.busybox}
    command: sh -c 'wget -q -O - http://database/ && exec httpd -f -p 80'
    depends_on: { db: { condition: service_healthy } }
    networks: [back]
    ports: ["80"]
  once:
    image: ${images.busybox}
    command: sh -c 'wget -q -O - http://database/; exit 4'
    depends_on: { db: { condition: service_healthy } }
    networks: [back]
    profiles: [once]
networks: { back: {} }
volumes: { data: {} }
`;

let service: Service;
let fleet: TestFleet;
const targets = new Map<string, { readonly url: string; readonly call: SendRequest }>();
beforeAll(async () => {
  const listen = { DOCKER_LISTEN: 'tcp://127.0.0.1:0' };
  service = await startService(listen);
  targets.set('one node', { url: dockerUrlOf(service.api), call: service.call });
  fleet = await startFleet({ a: {}, b: {}, c: {} }, listen);
  targets.set('three nodes', { url: dockerUrlOf(fleet.apis[0].api), call: fleet.call });
});
afterAll(async () => {
  await fleet.stop();
  await service.stop();
});

describe.each(['one node', 'three nodes'])('docker compose with %s', where => {
  const project = uniqueContainerName();
  let docker: DockerCli;
  const compose = (...args: readonly string[]) =>
    docker.run('compose', '--project-name', project, '--file', join(docker.folder, 'compose.yaml'), ...args);
  beforeAll(() => {
    docker = createDockerCli(targets.get(where)?.url ?? '');
    const plugins = join(docker.folder, '.docker/cli-plugins');
    mkdirSync(plugins, { recursive: true });
    symlinkSync(findDockerCompose() ?? '', join(plugins, 'docker-compose'));
    writeFileSync(join(docker.folder, 'compose.yaml'), composeFile);
  });
  afterAll(() => docker.stop());

  it('starts services in their order, runs commands in them, and removes all', async () => {
    const up = await compose('up', '--detach', '--wait');
    expect(up, up.stderr).toMatchObject({ code: 0 });
    expect((await compose('ps', '--format', '{{.Service}} {{.State}}')).stdout.trim().split('\n').sort()).toEqual([
      'db running',
      'web running',
    ]);
    expect((await compose('logs', '--no-color', 'web')).stdout).toContain('from-db');
    expect(await compose('exec', '-T', 'web', 'sh', '-c', 'wget -q -O - http://db/; exit 3')).toMatchObject({
      code: 3,
      stdout: 'from-db\n',
    });
    // Nothing is created again.
    expect((await compose('up', '--detach')).stderr).not.toContain('Recreate');
    const listed = await targets.get(where)?.call('GET', `/containers?label=com.docker.compose.project=${project}`);
    const containers = listed?.field('containers');
    expect(containers).toHaveLength(2);
    expect(new Set(Array.isArray(containers) ? containers.map(({ node }) => node) : []).size).toBe(1);

    const down = await compose('down', '--volumes', '--timeout', '0');
    expect(down, down.stderr).toMatchObject({ code: 0 });
    const left = await Promise.all([compose('ps', '--all', '--quiet'), docker.run('network', 'ls'), docker.run('volume', 'ls')]);
    expect(left.map(({ stdout }) => stdout.includes(project) || (stdout !== '' && !stdout.includes(' ')))).toEqual([false, false, false]);
  });

  it('shows the output of a service, stops when it has exited, and exits with its code', async () => {
    const up = await compose('up', '--no-color', '--exit-code-from', 'once', 'once');
    expect(up, up.stderr).toMatchObject({ code: 4, stdout: expect.stringMatching(/once-1 +\| from-db/) });
    const down = await compose('--profile', 'once', 'down', '--volumes', '--timeout', '0');
    expect(down, down.stderr).toMatchObject({ code: 0 });
  });
});
