import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { images, sharedService, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import Docker from 'dockerode';
import { describe, expect, it, onTestFinished } from 'vitest';

const { url, dockerUrl } = sharedService();
/** Interval of renewals; a session lapses after 30 s. */
const renewIntervalMs = 5000;
const header = 'X-Podman-Api-Session';

/** Sends a request for a session. */
async function callSession(method: 'PUT' | 'DELETE', session: string) {
  const response = await fetch(`${url}/docker/podman-api/sessions/${session}`, { method });
  return { status: response.status, body: await response.json() };
}

/** Opens a tunnel to a port of a container and sends a request by it. @returns the response, or the status of the refusal */
async function fetchByTunnel(session: string, container: string, port: number): Promise<string | number | undefined> {
  const sent = request(`${url}/docker/podman-api/containers/${container}/tunnel?port=${port}`, {
    method: 'POST',
    headers: { [header]: session, Connection: 'Upgrade', Upgrade: 'tcp' },
  });
  const answered = Promise.race([
    once(sent, 'upgrade').then(async ([, socket]) => {
      socket.write('GET / HTTP/1.0\r\n\r\n');
      return text(socket);
    }),
    once(sent, 'response').then(([response]) => response.resume().statusCode),
  ]);
  sent.end();
  return answered;
}

describe('a session of podman-api proxy', () => {
  it('marks what it creates, connects its published ports, and removes everything at its end', async () => {
    const [session, other] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
    expect(await callSession('PUT', session)).toMatchObject({ status: 200, body: { id: session, node: expect.any(String) } });
    await callSession('PUT', other);
    // A renewal after the end of a session is refused.
    const renewals = setInterval(() => {
      for (const id of [session, other]) callSession('PUT', id).catch(() => {});
    }, renewIntervalMs);
    onTestFinished(() => clearInterval(renewals));
    const { hostname, port } = new URL(dockerUrl);
    const docker = new Docker({ host: hostname, port: Number(port), protocol: 'http', headers: { [header]: session } });
    const name = uniqueContainerName();
    const container = await docker.createContainer({
      Image: images.busybox,
      name,
      Cmd: ['httpd', '-f', '-p', '80', '-h', '/etc'],
      HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    });
    await container.start();
    expect(await container.inspect()).toMatchObject({ Config: { Labels: { 'podman-api-session': session } } });
    // 503 until httpd listens.
    const response = await until(async () => {
      const answer = await fetchByTunnel(session, container.id, 80);
      return answer !== 503 && answer;
    });
    expect(response).toContain('404 Not Found');
    expect(await fetchByTunnel(session, container.id, 81)).toBe(404);
    expect(await fetchByTunnel(other, container.id, 80)).toBe(404);
    expect(await fetchByTunnel('0'.repeat(32), container.id, 80)).toBe(409);

    expect(await callSession('DELETE', session)).toEqual({
      status: 200,
      body: { containers: [container.id.slice(0, 12)], networks: [], volumes: [], failures: [] },
    });
    await expect(docker.listContainers()).rejects.toMatchObject({ statusCode: 409 });
    expect(await callSession('PUT', session)).toMatchObject({ status: 409 });
    expect((await callSession('DELETE', other)).status).toBe(200);
  });
});
