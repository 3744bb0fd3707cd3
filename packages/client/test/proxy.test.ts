import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseAddress } from '../src/cli/commands/proxy/listen-address.ts';
import { findInInspect, findInList } from '../src/cli/commands/proxy/published-ports.ts';
import { UsageError } from '../src/cli/errors.ts';

const session = '0123456789abcdef0123456789abcdef';
const id = 'a'.repeat(64);

describe('chooseAddress', () => {
  it.each([
    ['tcp://127.0.0.1:2375', { host: '127.0.0.1', port: 2375 }],
    ['tcp://localhost:0', { host: 'localhost', port: 0 }],
    ['tcp://[::1]:2375', { host: '::1', port: 2375 }],
    ['unix:///tmp/docker.sock', { path: '/tmp/docker.sock' }],
  ])('reads %s', (text, address) => {
    expect(chooseAddress(text).address).toEqual(address);
  });

  it.each(['tcp://0.0.0.0:2375', 'tcp://192.168.1.2:2375', 'tcp://127.0.0.1', 'tcp://127.0.0.1:70000', 'unix://docker.sock', '2375'])(
    'refuses %s, which other machines could reach or which is not an address',
    text => {
      expect(() => chooseAddress(text)).toThrow(UsageError);
    },
  );

  it('chooses a socket in a new directory of this user by default', () => {
    const { address, remove } = chooseAddress(undefined);
    const folder = 'path' in address ? dirname(address.path) : '';
    expect(existsSync(folder)).toBe(true);
    remove();
    expect(existsSync(folder)).toBe(false);
  });
});

describe('the published ports of a response', () => {
  const labels = { 'podman-api-session': session };
  const inspected = (Labels: object | null) => ({
    Id: id,
    Config: { Labels },
    HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '4000' }] } },
    NetworkSettings: {
      Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '4000' }], '53/udp': [{ HostIp: '0.0.0.0', HostPort: '4001' }], '81/tcp': null },
    },
  });

  it('are found in an inspect, and replaced where they are', () => {
    const body = inspected(labels);
    const found = findInInspect(body, session);
    expect(found?.ports.map(({ published }) => published)).toEqual([
      { containerId: id, containerPort: 80, hostPort: 4000 },
      { containerId: id, containerPort: 80, hostPort: 4000 },
    ]);
    for (const { replace } of found?.ports ?? []) replace(5000);
    expect(body).toMatchObject({
      HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '5000' }] } },
      NetworkSettings: { Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '5000' }], '53/udp': [{ HostPort: '4001' }] } },
    });
  });

  it.each([[null], [{}], [{ 'podman-api-session': 'other' }]])('are left as they are for a container of another session: %j', given => {
    expect(findInInspect(inspected(given), session)).toBeUndefined();
  });

  it('are found in a list, except those of stopped containers', () => {
    const ports = [
      { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 4000, Type: 'tcp' },
      { PrivatePort: 81, Type: 'tcp' },
      { IP: '0.0.0.0', PrivatePort: 53, PublicPort: 4001, Type: 'udp' },
    ];
    const list = [
      { Id: id, Labels: labels, State: 'running', Ports: ports },
      { Id: 'b'.repeat(64), Labels: {}, State: 'running', Ports: ports },
      { Id: 'c'.repeat(64), Labels: labels, State: 'exited', Ports: ports },
    ];
    const found = findInList(list, session);
    expect(found.flatMap(container => container.ports.map(({ published }) => published))).toEqual([
      { containerId: id, containerPort: 80, hostPort: 4000 },
    ]);
    found[0]?.ports[0]?.replace(5000);
    expect(list[0]?.Ports[0]?.PublicPort).toBe(5000);
    expect(findInList({ message: 'no list' }, session)).toEqual([]);
  });
});
