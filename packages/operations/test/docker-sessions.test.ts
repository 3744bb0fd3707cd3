import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ByteChannel, ChannelFrame } from '@podman-api/runtime';
import { describe, expect, it } from 'vitest';
import { dockerRemoveLabelled, dockerTunnel, validateInput } from '../src/index.ts';
import { context, recordingPodman } from './recording-podman.ts';

const session = '0123456789abcdef0123456789abcdef';
const id = 'a'.repeat(64);

describe('docker.remove_labelled', () => {
  const container = (changes: object) => ({
    Id: id,
    Names: ['web'],
    State: 'running',
    Labels: { session, team: 'ci' },
    ServiceLabels: {},
    Ports: null,
    ...changes,
  });
  const listed = [
    container({}),
    container({ Id: 'b'.repeat(64), Labels: { session: 'other' } }),
    container({ Id: 'c'.repeat(64), Labels: 'too-large' }),
  ];
  const networks = [
    { name: 'back', labels: { session, team: 'ci' } },
    { name: 'front', labels: { session } },
    { name: 'podman', labels: null },
  ];
  const volumes = [{ Name: 'data', Driver: 'local', CreatedAt: '2026-01-05T09:30:00Z', Labels: { session, team: 'ci' }, Options: {} }];
  const answer = (args: readonly string[]) => {
    if (args[0] === 'network' && args[1] === 'ls') return JSON.stringify(networks);
    if (args[0] === 'volume' && args[1] === 'ls') return args.includes('--format=json') ? JSON.stringify(volumes) : '';
    return '';
  };

  it('removes containers, networks and volumes that have all labels, and nothing else', async () => {
    const podman = recordingPodman({ run: answer, shared: listed.map(entry => JSON.stringify(entry)).join('\n') });
    const input = validateInput(dockerRemoveLabelled, { labels: [`session=${session}`, 'team=ci'] });
    const removed = await dockerRemoveLabelled.run(podman, input, context);
    expect(podman.calls.map(({ args }) => args).filter(args => args.includes('rm'))).toEqual([
      ['rm', '--force', '--time=0', '--volumes', '--', id],
      ['network', 'rm', '--', 'back'],
      ['volume', 'rm', '--', 'data'],
    ]);
    expect(removed).toEqual({ containers: [id.slice(0, 12)], networks: ['back'], volumes: ['data'], failures: [] });
    expect(dockerRemoveLabelled.effect?.(input, removed)).toEqual({ removed: [id.slice(0, 12)] });
  });

  it.each([{}, { labels: [] }, { labels: ['session'] }, { labels: ['=x'] }, { labels: ['session='] }])('refuses %j', input => {
    expect(() => validateInput(dockerRemoveLabelled, input)).toThrow();
  });
});

describe('docker.tunnel', () => {
  const inspected = (changes: object) => ({
    Id: id,
    State: { Status: 'running' },
    Config: { Labels: { 'podman-api-session': session } },
    NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '', HostPort: '1' }], '81/tcp': null, '53/udp': [{ HostIp: '', HostPort: '1' }] } },
    ...changes,
  });
  const open = (entry: object, port: number, channel = unused) => {
    const podman = recordingPodman({ run: JSON.stringify([entry]) });
    return dockerTunnel.run(podman, validateInput(dockerTunnel, { name: id, port, session }), { ...context, channel });
  };
  const unused = async (): Promise<ByteChannel> => {
    throw new Error('the channel is joined only when the port has accepted');
  };

  it.each([
    ['a container of another session', { Config: { Labels: { 'podman-api-session': 'other' } } }, 80, 'in this session'],
    ['a container without labels', { Config: { Labels: null } }, 80, 'in this session'],
    ['a container that does not run', { State: { Status: 'exited' } }, 80, 'is not running'],
    ['a port that is not published', {}, 81, 'does not publish the port 81/tcp'],
    ['a port that the container does not have', {}, 22, 'does not publish the port 22/tcp'],
    ['a UDP port', {}, 53, 'does not publish the port 53/tcp'],
    ['a port that nothing listens on', {}, 80, 'does not accept a connection'],
  ])('does not reach %s', async (_what, changes, port, message) => {
    await expect(open(inspected(changes), port)).rejects.toThrow(message);
  });

  it('forwards bytes and half-closes in both directions', async () => {
    const server = createServer({ allowHalfOpen: true }, socket => {
      socket.on('data', bytes => socket.write(String(bytes).toUpperCase()));
      socket.on('end', () => socket.end('bye'));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const frames: ChannelFrame[] = [{ bytes: Buffer.from('hello ') }, { bytes: Buffer.from('world ') }];
    const sent: Buffer[] = [];
    let hasEnded = false;
    const channel: ByteChannel = {
      signal: new AbortController().signal,
      read: async () => frames.shift(),
      async write(bytes) {
        sent.push(Buffer.from(bytes));
      },
      async send() {},
      async end() {
        hasEnded = true;
      },
      async close() {},
    };
    const entry = inspected({ NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } } });
    await open(entry, 80, async () => channel);
    expect([Buffer.concat(sent).toString(), hasEnded]).toEqual(['HELLO WORLD bye', true]);
    server.close();
  });
});
