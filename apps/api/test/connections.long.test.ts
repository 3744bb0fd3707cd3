import { once } from 'node:events';
import { connect } from 'node:net';
import { images, startApi, startService } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { describe, expect, it, onTestFinished } from 'vitest';

describe('SIGTERM to an API process', () => {
  // The client has room for far less than the output of the job.
  it('ends it although a client does not read the rest of an output', async () => {
    const service = await startService();
    onTestFinished(() => service.stop());
    const another = await startApi(service.env);
    onTestFinished(async () => void (await another.api.end('SIGKILL')));
    const name = await startContainer(images.busybox);
    const command = 'head -c 12000000 /dev/zero | tr "\\0" x';
    const id = String((await service.call('POST', `/containers/${name}/exec`, { command }, { Prefer: 'respond-async' })).field('job_id'));
    await service.call('GET', `/jobs/${id}?wait=300`);
    const { hostname, port } = new URL(another.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(`GET /api/v1/jobs/${id}/output HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n`);
    await once(socket, 'readable');
    const closed = once(socket, 'close');
    expect(await another.api.end('SIGTERM')).toBe(0);
    socket.resume();
    await closed;
  });
});
