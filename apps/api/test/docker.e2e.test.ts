import { images, sharedContainer, sharedMaxOutputBytes, sharedService, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { connectDocker, execIn, readStream } from './docker/clients.ts';
import { sendRaw } from './docker/raw-connection.ts';

describe('the Docker-compatible API', () => {
  const docker = () => connectDocker(sharedService().dockerUrl);

  it('announces its version', async () => {
    const response = await fetch(`${sharedService().dockerUrl}/_ping`);
    expect(await response.text()).toBe('OK');
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'api-version': '1.44', ostype: 'linux', 'builder-version': '1' });
    expect(await docker().version()).toMatchObject({ ApiVersion: '1.44', MinAPIVersion: '1.24', Os: 'linux' });
    expect(await docker().info()).toMatchObject({ OSType: 'linux', NCPU: expect.any(Number), MemTotal: expect.any(Number) });
  });

  it('answers a route that it does not have with 501 and one sentence', async () => {
    const response = await fetch(`${sharedService().dockerUrl}/v1.41/swarm/init`, { method: 'POST' });
    expect(response.status).toBe(501);
    expect(await response.json()).toEqual({ message: '/swarm is not supported by podman-api: podman-api has no swarm mode.' });
  });

  it('runs a container from its creation to its removal', async () => {
    const name = uniqueContainerName();
    const container = await docker().createContainer({
      Image: images.busybox,
      name,
      Cmd: ['sh', '-c', 'echo hello; exec sleep 300'],
      Env: ['GREETING=hi'],
      Labels: { team: 'ci' },
      ExposedPorts: { '80/tcp': {} },
      HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '0' }] }, AutoRemove: true },
    });
    expect(container.id).toMatch(/^[0-9a-f]{64}$/);
    expect(await container.inspect()).toMatchObject({ Name: `/${name}`, State: { Status: 'created', Running: false } });

    const removed = container.wait({ condition: 'removed' });
    await container.start();
    expect(await container.inspect()).toMatchObject({
      Id: container.id,
      State: { Running: true },
      NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: expect.stringMatching(/^\d+$/) }] } },
      Config: { Labels: { team: 'ci' } },
    });
    const listed = await docker().listContainers({ filters: { name: [name] } });
    expect(listed).toMatchObject([{ Id: container.id, Names: [`/${name}`], State: 'running', Labels: { team: 'ci' } }]);

    await container.kill();
    expect(await removed).toEqual({ StatusCode: 137 });
    await expect(container.inspect()).rejects.toMatchObject({
      statusCode: 404,
      json: { message: expect.stringContaining('No such container') },
    });
  });

  it('runs commands, and knows their exit code when the stream ends', async () => {
    const container = docker().getContainer(sharedContainer('busybox'));
    expect(await execIn(docker(), container, { Cmd: ['sh', '-c', 'echo out; echo err >&2; exit 3'] })).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      exitCode: 3,
    });
    expect(await execIn(docker(), container, { Cmd: ['no-such-program'] })).toMatchObject({ exitCode: 127 });
  });

  it('reports that output beyond MAX_OUTPUT is lost, and returns exit code 125', async () => {
    const container = docker().getContainer(sharedContainer('busybox'));
    const Cmd = ['head', '-c', String(sharedMaxOutputBytes + 100_000), '/dev/zero'];
    const { stdout, stderr, exitCode } = await execIn(docker(), container, { Cmd });
    expect(stdout.length).toBeLessThan(sharedMaxOutputBytes + 100_000);
    expect(stderr).toContain('The output is longer than MAX_OUTPUT');
    expect(exitCode).toBe(125);
  });

  it.each(['is detached', 'lost its client'])('returns the exit code of a command that %s', async reason => {
    const container = docker().getContainer(sharedContainer('busybox'));
    const flag = `/tmp/${uniqueContainerName()}`;
    const Cmd = ['sh', '-c', `echo started; until [ -e ${flag} ]; do sleep 0.1; done; exit 3`];
    const exec = await container.exec({ Cmd, AttachStdout: true });
    if (reason === 'is detached') await exec.start({ Detach: true });
    else {
      const client = sendRaw(sharedService().dockerUrl, `POST /exec/${exec.id}/start`, { body: '{"Detach":false}', isUpgrade: true });
      await until(() => client.received().includes('started'));
      client.socket.destroy();
      await client.closed;
    }
    expect(await exec.inspect()).toMatchObject({ Running: true, ExitCode: null });
    await execIn(docker(), container, { Cmd: ['touch', flag] });
    await until(async () => !(await exec.inspect()).Running);
    expect(await exec.inspect()).toMatchObject({ Running: false, ExitCode: 3 });
  });

  it('follows the log and is attached to a container that runs, until it ends', async () => {
    const name = uniqueContainerName();
    const Cmd = ['sh', '-c', 'echo out; echo err >&2; read line; echo "got $line"'];
    const container = await docker().createContainer({
      Image: images.busybox,
      name,
      Cmd,
      OpenStdin: true,
      HostConfig: { NetworkMode: 'none' },
    });
    await container.start();
    const log = await container.logs({ follow: true, stdout: true, stderr: true });
    // What is written after the attach arrives there too.
    await until(async () => {
      const { stdout, stderr } = await readStream(docker(), await container.logs({ stdout: true, stderr: true }));
      return stdout === 'out\n' && stderr === 'err\n';
    });
    const attached = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true });
    attached.write('hello\n');
    expect(await readStream(docker(), attached)).toEqual({ stdout: 'got hello\n', stderr: '' });
    expect(await readStream(docker(), log)).toEqual({ stdout: 'out\ngot hello\n', stderr: 'err\n' });
    expect(await readStream(docker(), await container.logs({ stderr: true }))).toEqual({ stdout: '', stderr: 'err\n' });
    await container.remove();
  });

  it('refuses what changes the meaning of a request and is not supported', async () => {
    const create = (options: Docker.ContainerCreateOptions) => docker().createContainer({ Image: images.busybox, ...options });
    await expect(create({ HostConfig: { Privileged: true } })).rejects.toMatchObject({ statusCode: 501 });
    await expect(create({ HostConfig: { PidMode: 'host' } })).rejects.toThrow('HostConfig.PidMode is not supported');
    await expect(create({ HostConfig: { Binds: ['/:/host'] } })).rejects.toMatchObject({ statusCode: 403 });
    await expect(create({ Image: 'localhost/podman-api/no-such-image' })).rejects.toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('No such image'),
    });
  });

  it('streams events until a time beyond the longest timer of Node.js', async () => {
    const response = await fetch(`${sharedService().dockerUrl}/events?since=1&until=9999-12-31T00:00:00Z`);
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    expect(Buffer.from(value ?? []).toString()).toContain('"Type":');
  });

  it.each(['since=1&', ''])('returns the stored events until a time that has passed, with the query %j', async since => {
    const name = uniqueContainerName();
    const read = async (query: string) => {
      const response = await fetch(
        `${sharedService().dockerUrl}/events?${query}&filters=${encodeURIComponent(`{"container":["${name}"]}`)}`,
      );
      const lines = (await response.text()).split('\n').filter(line => line !== '');
      return lines.map(line => JSON.parse(line).Action);
    };
    const beforeMs = Date.now();
    await docker().createContainer({ Image: images.busybox, name });
    await until(async () => (await read(`${since}until=${Date.now() / 1000}`)).includes('create'));
    expect(await read(`${since}until=${(beforeMs - 1) / 1000}`)).toEqual([]);
  });

  it('refuses filters that are not strings', async () => {
    for (const filters of ['{"label":[{"toString":1}]}', '{"label":[["a"]]}', '{"label":1}']) {
      const response = await fetch(`${sharedService().dockerUrl}/images/json?filters=${encodeURIComponent(filters)}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ message: 'The filter label must be a list of strings.' });
    }
  });

  it('lists and inspects images', async () => {
    const listed = await docker().listImages({ filters: { reference: [images.busybox] } });
    expect(listed).toMatchObject([{ Id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), RepoTags: [images.busybox] }]);
    expect(await docker().getImage(images.busybox).inspect()).toMatchObject({ Id: listed[0]?.Id, Os: 'linux' });
    await expect(docker().getImage('no-such-image').inspect()).rejects.toMatchObject({ statusCode: 404 });
  });
});
