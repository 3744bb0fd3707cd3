import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { dockerUrlOf, images, type Service, startFleet, startService, type TestFleet, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDocker } from './docker/clients.ts';
import { createDockerCli, type DockerCli } from './docker/docker-cli.ts';
import { runTestcontainers } from './docker/run-testcontainers.ts';

let service: Service;
let fleet: TestFleet;
const urls = new Map<string, string>();
beforeAll(async () => {
  const listen = { DOCKER_LISTEN: 'tcp://127.0.0.1:0' };
  service = await startService(listen);
  urls.set('one node', dockerUrlOf(service.api));
  fleet = await startFleet({ a: {}, b: {}, c: {} }, listen);
  urls.set('three nodes', dockerUrlOf(fleet.apis[0].api));
});
afterAll(async () => {
  await fleet.stop();
  await service.stop();
});

describe.each(['one node', 'three nodes'])("Docker's command line with %s", where => {
  let docker: DockerCli;
  beforeAll(() => {
    docker = createDockerCli(urls.get(where) ?? '');
  });
  afterAll(() => docker.stop());

  it('creates, starts, lists, executes, waits and removes', async () => {
    const name = uniqueContainerName();
    const created = await docker.run('create', '--name', name, '--label', 'team=ci', '-p', '80', images.busybox, 'sleep', '300');
    expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{64}\n$/) });
    expect(await docker.run('start', name)).toMatchObject({ code: 0, stdout: `${name}\n` });
    expect((await docker.run('ps', '--filter', 'label=team=ci', '--format', '{{.Names}} {{.State}}')).stdout).toContain(`${name} running`);
    expect((await docker.run('port', name)).stdout).toMatch(/^80\/tcp -> 0\.0\.0\.0:\d+\n$/);
    expect(await docker.run('exec', name, 'sh', '-c', 'echo out; echo err >&2; exit 3')).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect((await docker.run('top', name)).stdout).toContain('sleep 300');
    // Docker's command shows nothing if a response takes two seconds, as on a busy host.
    const stats = () => docker.run('stats', '--no-stream', '--format', '{{.Name}} {{.PIDs}}', name);
    await until(async () => new RegExp(`^${name} \\d+\n$`).test((await stats()).stdout));
    const waiting = docker.run('wait', name);
    expect(await docker.run('kill', name)).toMatchObject({ code: 0 });
    expect(await waiting).toMatchObject({ code: 0, stdout: '137\n' });
    expect(await docker.run('rm', name)).toMatchObject({ code: 0, stdout: `${name}\n` });
    expect(await docker.run('inspect', '--type=container', name)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No such container'),
    });
  });

  it('follows a log, figures and the output of a container that runs', async () => {
    const name = uniqueContainerName();

    await docker.run(
      'run',
      '--detach',
      '--interactive',
      '--name',
      name,
      images.busybox,
      'sh',
      '-c',
      'echo begin >&2; read line; echo "got $line"',
    );
    const following = docker.run('logs', '--follow', name);
    const attached = await docker.runWith('hello\n', 'attach', name);
    expect(attached).toMatchObject({ code: 0, stdout: 'got hello\n' });
    expect(await following).toEqual({ code: 0, stdout: 'got hello\n', stderr: 'begin\n' });
    expect(await docker.runWith('again\n', 'start', '--attach', '--interactive', name)).toEqual({
      code: 0,
      stdout: 'got again\n',
      stderr: 'begin\n',
    });
    await docker.run('rm', '--force', name);
    await docker.run('run', '--detach', '--name', name, images.busybox, 'sleep', '300');
    const stats = docker.start('stats', '--format', '{{.Name}} {{.PIDs}}', name);
    await stats.waitForOutput(`${name} 1`);
    await stats.end('SIGKILL');
    await docker.run('rm', '--force', name);
  });

  it('runs a command in a new container', async () => {
    expect(await docker.run('run', '--rm', images.busybox, 'sh', '-c', 'echo out; echo err >&2; exit 5')).toEqual({
      code: 5,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(await docker.runWith('hello\n', 'run', '--rm', '-i', images.busybox, 'cat')).toEqual({ code: 0, stdout: 'hello\n', stderr: '' });
    expect(await docker.run('run', '--rm', '-t', images.busybox, 'tty')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\/dev\/(pts\/\d+|console)\r\n$/),
    });
    expect(await docker.run('run', '--rm', images.busybox, 'no-such-program')).toMatchObject({ code: 127 });
  });

  it('passes stdin to a command, and opens a terminal', async () => {
    const name = uniqueContainerName();
    await docker.run('create', '--name', name, images.busybox, 'sleep', '300');
    await docker.run('start', name);
    expect(await docker.runWith('hello\n', 'exec', '-i', name, 'sh', '-c', 'cat; exit 4')).toEqual({
      code: 4,
      stdout: 'hello\n',
      stderr: '',
    });
    expect(await docker.run('exec', '-t', name, 'tty')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\/dev\/pts\/\d+\r\n$/) });
    expect(await docker.run('exec', '-t', name, 'no-such-program')).toMatchObject({ code: 127 });
    expect(await docker.run('rm', '--force', name)).toMatchObject({ code: 0 });
  });

  it('copies files in and out', async () => {
    const name = uniqueContainerName();
    await docker.run('create', '--name', name, images.busybox, 'sleep', '300');
    const source = join(docker.folder, 'in.txt');
    writeFileSync(source, 'hello\n');
    expect(await docker.run('cp', source, `${name}:/tmp/copied.txt`)).toMatchObject({ code: 0 });
    expect(await docker.run('cp', `${name}:/tmp/copied.txt`, join(docker.folder, 'out.txt'))).toMatchObject({ code: 0 });
    expect(readFileSync(join(docker.folder, 'out.txt'), 'utf8')).toBe('hello\n');
    expect(await docker.run('cp', `${name}:/tmp/missing`, docker.folder)).toMatchObject({ code: 1 });
    expect(await docker.run('rm', '--force', name)).toMatchObject({ code: 0 });
  });

  it('manages networks and volumes', async () => {
    const name = uniqueContainerName();
    expect((await docker.run('network', 'create', '--label', 'team=ci', name)).stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect((await docker.run('network', 'ls', '--filter', `name=${name}`, '--format', '{{.Name}}')).stdout).toBe(`${name}\n`);
    const created = await docker.run('create', '--name', name, '--network', name, '--network-alias', 'db', images.busybox, 'sleep', '300');
    expect(created.code).toBe(0);
    expect((await docker.run('inspect', '--format', '{{json .NetworkSettings.Networks}}', name)).stdout).toContain('db');
    expect(await docker.run('rm', '--force', name)).toMatchObject({ code: 0 });
    expect(await docker.run('network', 'rm', name)).toMatchObject({ code: 0 });
    expect(await docker.run('volume', 'create', name)).toMatchObject({ code: 0, stdout: `${name}\n` });
    expect((await docker.run('volume', 'ls', '--quiet')).stdout).toContain(name);
    expect(await docker.run('volume', 'rm', name)).toMatchObject({ code: 0, stdout: `${name}\n` });
  });

  it('cannot mount a directory of the host, and shows the reason', async () => {
    const refused = await docker.run('create', '-v', '/:/host', images.busybox);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('ALLOWED_MOUNTS') });
  });
});

describe("Docker's command line", () => {
  // The images of the three nodes are in a storage that they only read.
  it('tags, lists and removes images', async () => {
    const docker = createDockerCli(urls.get('one node') ?? '');
    const name = `localhost/${uniqueContainerName()}`;
    expect(await docker.run('tag', images.busybox, `${name}:1`)).toMatchObject({ code: 0 });
    expect((await docker.run('images', '--format', '{{.Repository}}:{{.Tag}}', name)).stdout).toBe(`${name}:1\n`);
    expect(await docker.run('rmi', `${name}:1`)).toMatchObject({ code: 0 });
    expect((await docker.run('images', '--quiet', name)).stdout).toBe('');
    docker.stop();
  });
});

describe.each(['one node', 'three nodes'])('testcontainers-node with %s', where => {
  it('waits for a port, executes, connects containers and cleans up', async () => {
    const [image, network] = [images.busybox, uniqueContainerName()];
    expect(await runTestcontainers(urls.get(where) ?? '', { image, network })).toEqual({
      code: 0,
      result: { page: 'hello\n', exec: { output: 'err\nout\n', exitCode: 3 }, fromOther: 'hello\n', left: [] },
    });
  });
});

describe('a session of testcontainers-node with three nodes', () => {
  it('runs its containers on the node where its images were built', async () => {
    const docker = connectDocker(urls.get('three nodes') ?? '');
    // One session could have the node that placement chooses for the build.
    for (const session of [uniqueContainerName(), uniqueContainerName(), uniqueContainerName(), uniqueContainerName()]) {
      const labels = { 'org.testcontainers.session-id': session };
      const reference = `localhost/${session}:1`;
      const context = pack();
      context.entry({ name: 'Dockerfile' }, `FROM ${images.busybox}\n`);
      context.finalize();
      const build = await docker.buildImage(context.pipe(new PassThrough()), { t: reference, labels });
      expect(await text(build)).toContain(`Successfully tagged ${reference}`);
      const container = await docker.createContainer({ Image: reference, Cmd: ['true'], Labels: labels });
      await container.remove();
      await docker.getImage(reference).remove();
    }
  });
});
