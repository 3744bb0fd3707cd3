import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { images, type Service, startService, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const maxResidentBytes = 400 * 1024 ** 2;
/** Frames of a client, masked with zeros (RFC 6455, section 5.2): an empty binary message, and a ping of 125 bytes. */
const emptyMessage = Buffer.from([0x82, 0x80, 0, 0, 0, 0]);
const ping = Buffer.concat([Buffer.from([0x89, 0x80 | 125, 0, 0, 0, 0]), Buffer.alloc(125)]);

let service: Service;
let path: string;
beforeAll(async () => {
  service = await startService();
  path = `/containers/${await startContainer(images.busybox)}/terminal?command=sleep&command=300`;
});
afterAll(() => service.stop());

/** Opens a WebSocket and pauses its socket, so that the client reads only when the test resumes it. */
async function open(): Promise<Socket> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on('error', () => {});
  const key = Buffer.alloc(16).toString('base64');
  const headers = [
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
  ];
  socket.write(`${[`GET /api/v1${path} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`);
  const [head] = await once(socket, 'data');
  expect(String(head)).toMatch(/^HTTP\/1\.1 101/);
  socket.pause();
  return socket;
}

/** Sends the same frame as fast as it is taken. */
async function flood(socket: Socket, frame: Buffer, totalBytes: number): Promise<void> {
  const framesAtOnce = 10_000;
  const block = Buffer.concat(Array.from({ length: framesAtOnce }, () => frame));
  for (let sent = 0; sent < totalBytes; sent += block.length) {
    if (!socket.write(block)) await once(socket, 'drain');
  }
}

/** Peak of resident memory of the API, proc_pid_status(5). */
const peakBytes = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${service.api.process.pid}/status`, 'utf8'))?.[1]) * 1024;

describe('a client that floods a terminal', () => {
  it('fills no memory with empty messages while no worker takes the terminal', async () => {
    service.worker.process.kill('SIGSTOP');
    const socket = await open();
    const flooding = flood(socket, emptyMessage, 30_000_000);
    for (let calls = 0; calls < 300; calls += 1) expect((await service.call('GET', '/health')).status).toBe(200);
    service.worker.process.kill('SIGCONT');
    await flooding;
    expect(peakBytes()).toBeLessThan(maxResidentBytes);
  });

  it('gets no more pongs when it does not read them', async () => {
    const socket = await open();
    await flood(socket, ping, 800_000_000);
    await until(() => socket.writableLength === 0);
    expect(peakBytes()).toBeLessThan(maxResidentBytes);
  });
});
