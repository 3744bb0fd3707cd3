import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openAuditLog } from '@podman-api/runtime';
import { dockerUrlOf, images, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { connectDocker } from './docker/clients.ts';
import { type RawConnection, sendRaw } from './docker/raw-connection.ts';
import { startTokenService, type TokenService } from './tokens/token-service.ts';

const maxResidentBytes = 400 * 1024 ** 2;

let parts: TokenService;
let url: string;
beforeAll(async () => {
  parts = await startTokenService({ DOCKER_LISTEN: 'tcp://127.0.0.1:0' });
  url = dockerUrlOf(parts.service.api);
});
afterAll(() => parts.stop());

async function createTokenFor(name: string, scopes: string): Promise<string> {
  const audit = openAuditLog({ AUDIT_LOG: `${parts.folder}/audit.log`, STATE_DIR: parts.folder });
  const token = createToken(parts.tokensFile, audit, name, { scopes });
  await until(async () => (await fetch(`${url}/version`, { headers: { Authorization: `Bearer ${token}` } })).ok);
  return token;
}

async function createExec(token: string, container: string, body: object) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/containers/${container}/exec`, { method: 'POST', headers, body: JSON.stringify(body) });
  const { Id = '', message = '' }: { readonly Id?: string; readonly message?: string } = JSON.parse(await response.text());
  return { status: response.status, id: Id, message };
}

/** Peak of resident memory, proc_pid_status(5). */
const peakBytes = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${parts.service.api.process.pid}/status`, 'utf8'))?.[1]) * 1024;

describe('the Docker-compatible API', () => {
  it('ends the streams of a token that is revoked', async () => {
    const token = await createTokenFor('leaver', 'containers:write,exec');
    const running = await startContainer(images.busybox);
    const docker = connectDocker(url, token);
    const created = await docker.createContainer({ Image: images.busybox, name: uniqueContainerName(), Cmd: ['sleep', '60'] });
    const interactive = await createExec(token, running, { Cmd: ['sh'], Tty: true, AttachStdin: true, AttachStdout: true });
    const plain = await createExec(token, running, { Cmd: ['sleep', '300'], AttachStdout: true });
    const start = { token, body: '{"Detach":false}', isUpgrade: true };
    const connections = [
      sendRaw(url, `POST /exec/${interactive.id}/start`, start),
      sendRaw(url, `POST /exec/${plain.id}/start`, { ...start, isUpgrade: false }),
      sendRaw(url, `POST /containers/${created.id}/attach?stream=1&stdout=1`, { token, isUpgrade: true }),
      sendRaw(url, `POST /containers/${running}/wait`, { token }),
      sendRaw(url, 'GET /events', { token }),
    ];
    await until(() => connections.every(({ received }) => /^HTTP\/1\.1 (101|200)/.test(received())));
    await parts.runToken('revoke', 'leaver');
    await Promise.all(connections.map(({ closed }) => closed));
    await until(async () => !(await testPodman().run(['exec', '--', running, 'ps'])).includes(' sh\n'));
  });

  it('refuses the exec of a token that may only read, when it is created', async () => {
    const token = await createTokenFor('reader', 'containers:read');
    expect(await createExec(token, await startContainer(images.busybox), { Cmd: ['id'] })).toMatchObject({ status: 403, id: '' });
  });

  it('drops the oldest execs of a token beyond 8 MiB, and none of other tokens', async () => {
    const [greedy, other] = [await createTokenFor('greedy', 'exec,containers:read'), await createTokenFor('other', 'exec,containers:read')];
    const container = await startContainer(images.busybox);
    const kept = await createExec(other, container, { Cmd: ['true'] });
    const Env = Array.from({ length: 30 }, (_, index) => `A${index}=${'x'.repeat(120_000)}`);
    const first = await createExec(greedy, container, { Cmd: ['true'], Env });
    expect(first.status).toBe(201);
    for (let index = 0; index < 100; index += 1) expect((await createExec(greedy, container, { Cmd: ['true'], Env })).status).toBe(201);
    const read = async (token: string, id: string) =>
      (await fetch(`${url}/exec/${id}/json`, { headers: { Authorization: `Bearer ${token}` } })).status;
    expect(await read(other, kept.id)).toBe(200);
    expect(await read(greedy, kept.id)).toBe(404);
    expect(await read(greedy, first.id)).toBe(404);
    expect(peakBytes()).toBeLessThan(maxResidentBytes);
  });

  it('opens at most 1,000 streams of one token, and serves the others', async () => {
    const [greedy, other] = [await createTokenFor('streamer', 'containers:read'), await createTokenFor('follower', 'containers:read')];
    const isOpen = ({ received }: RawConnection) => received().startsWith('HTTP/1.1 200');
    const streams = Array.from({ length: 1000 }, () => sendRaw(url, 'GET /events', { token: greedy }));
    onTestFinished(() => {
      for (const { socket } of streams) socket.destroy();
    });
    await until(() => streams.every(isOpen));
    const refused = await fetch(`${parts.service.url}/api/v1/events`, { headers: { Authorization: `Bearer ${greedy}` } });
    expect({ status: refused.status, body: await refused.json() }).toMatchObject({
      status: 429,
      body: { error: { type: 'RateLimitError' } },
    });
    const container = await startContainer(images.busybox);
    expect(await sendRaw(url, `POST /containers/${container}/wait`, { token: greedy }).closed).toMatch(/^HTTP\/1\.1 429/);
    const waiting = sendRaw(url, `POST /containers/${container}/wait`, { token: other });
    await until(() => isOpen(waiting));
    await testPodman().run(['kill', '--', container]);
    expect(await waiting.closed).toContain('"StatusCode":137');
    await until(() => streams.every(({ received }) => received().includes(container)));
    expect(peakBytes()).toBeLessThan(maxResidentBytes);

    for (const { socket } of streams) socket.destroy();
    await until(async () => {
      const again = sendRaw(url, `POST /containers/${container}/wait`, { token: greedy });
      return (await again.closed).includes('"StatusCode":137');
    });
  });

  it('takes over a connection whose request arrives in two parts', async () => {
    const token = await createTokenFor('split', 'exec,containers:read');
    const { id } = await createExec(token, await startContainer(images.busybox), { Cmd: ['cat'], AttachStdin: true, AttachStdout: true });
    const body = '{"Detach":false}';
    const { socket, received, closed } = sendRaw(url, `POST /exec/${id}/start`, { token, length: body.length, isUpgrade: true });
    // The API has read what was sent before this request.
    await createTokenFor('after', 'containers:read');
    socket.write(body);
    await until(() => received().startsWith('HTTP/1.1 101'));
    socket.write('typed\n');
    socket.end();
    expect(await closed).toContain('typed\n');
  });

  it('cuts off a client that asks for an upgrade and does not send its body', async () => {
    const token = await createTokenFor('slow', 'exec,containers:read');
    const { id } = await createExec(token, await startContainer(images.busybox), { Cmd: ['true'] });
    const request = { token, body: '{', length: 100, isUpgrade: true };
    const connections = [
      sendRaw(url, `POST /exec/${id}/start`, request),
      sendRaw(parts.service.url, 'POST /docker/containers/create', request),
    ];
    for (const { closed } of connections) expect(await closed).toMatch(/^HTTP\/1\.1 408/);
  });

  it('limits a token to 50 streams of events with labels, and to 200 sessions', async () => {
    const [greedy, other] = [await createTokenFor('labeller', 'containers:write'), await createTokenFor('labelled', 'containers:write')];
    const path = `GET /events?filters=${encodeURIComponent('{"label":["a"]}')}`;
    const streams = Array.from({ length: 50 }, () => sendRaw(url, path, { token: greedy }));
    onTestFinished(() => {
      for (const { socket } of streams) socket.destroy();
    });
    await until(() => streams.every(({ received }) => received().startsWith('HTTP/1.1 200')));
    expect(await sendRaw(url, path, { token: greedy }).closed).toMatch(/^HTTP\/1\.1 429/);

    const begin = (token: string) =>
      sendRaw(url, `PUT /podman-api/sessions/${randomBytes(16).toString('hex')}`, { token }).closed.then(response => response.slice(9, 12));
    for (let count = 0; count < 200; count += 1) expect(await begin(greedy)).toBe('200');
    expect(await begin(greedy)).toBe('429');
    expect(await begin(other)).toBe('200');
  });

  it('validates the create of a Ryuk, and limits a token to 200 of them', async () => {
    const token = await createTokenFor('reaper', 'containers:write,containers:read');
    const create = async (body: object) => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      const given = { Image: 'testcontainers/ryuk:0.14.0', ExposedPorts: { '8080/tcp': {} }, ...body };
      return (await fetch(`${url}/containers/create`, { method: 'POST', headers, body: JSON.stringify(given) })).status;
    };
    const onPort = (HostPort: string) => ({ HostConfig: { PortBindings: { '8080/tcp': [{ HostPort }] } } });
    expect(await create(onPort('70000'))).toBe(400);
    expect(await create(onPort('80'))).toBe(400);
    expect(await create({ Labels: { large: 'x'.repeat(100_000) } })).toBe(400);
    expect(await create({ Labels: { number: 1 } })).toBe(400);
    for (let count = 0; count < 200; count += 1) expect(await create({})).toBe(201);
    expect(await create({})).toBe(429);
  });

  it('passes on all output of a container that fills stdout and stderr at the same time', async () => {
    const docker = connectDocker(url, await createTokenFor('runner', 'containers:write,exec'));
    const bytes = 8 * 1024 ** 2;
    const fill = `head -c ${bytes} /dev/zero`;
    const container = await docker.createContainer({
      Image: images.busybox,
      name: uniqueContainerName(),
      Cmd: ['sh', '-c', `${fill} & ${fill} >&2; wait`],
      HostConfig: { NetworkMode: 'none' },
    });
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    let received = 0;
    stream.on('data', (piece: Buffer) => {
      received += piece.length;
    });
    await container.start();
    await until(() => received >= 2 * bytes);
  });
});
