import { describe, expect, it } from 'vitest';
import { BodyReader } from '../src/docker/body-reader.ts';
import { readCreateBody } from '../src/docker/containers/create-input.ts';
import { dockerMessage } from '../src/docker/errors.ts';
import { completeReference } from '../src/docker/image-names.ts';

/** Translates a body and leaves out what is `undefined`, as JSON does. */
const translate = (body: object): object => JSON.parse(JSON.stringify(readCreateBody(new BodyReader(body), 'web', undefined)));

describe("the translation of Docker's create", () => {
  it('accepts the defaults that clients always send', () => {
    const HostConfig = {
      Binds: null,
      NetworkMode: 'default',
      PortBindings: {},
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      MemorySwappiness: -1,
      ConsoleSize: [0, 0],
      Devices: [],
      LogConfig: { Type: '', Config: {} },
      OomScoreAdj: 0,
      Privileged: false,
    };
    const body = {
      Image: 'app',
      AttachStdout: true,
      Env: [],
      Cmd: null,
      Entrypoint: null,
      Volumes: {},
      HostConfig,
      NetworkingConfig: { EndpointsConfig: {} },
    };
    expect(translate(body)).toEqual({ image: 'app', name: 'web', pull_policy: 'never' });
  });

  it('maps the fields that it knows', () => {
    const body = {
      Image: 'app',
      Cmd: 'sleep 1',
      Env: ['A=b=c'],
      Tty: true,
      OpenStdin: true,
      ExposedPorts: { '80/tcp': {} },
      StopTimeout: 3,
      Healthcheck: { Test: ['CMD', 'true'], Interval: 2_000_000_000 },
      HostConfig: {
        AutoRemove: true,
        PortBindings: {
          '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }, { HostPort: '0' }],
          '53/udp': [{ HostIp: '::1', HostPort: '' }],
        },
        RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 2 },
        Memory: 1024,
        NanoCpus: 500_000_000,
        Binds: ['data:/data:rw,rprivate'],
        Mounts: [{ Type: 'volume', Source: 'more', Target: '/more', ReadOnly: true }],
        Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 2 }],
      },
      NetworkingConfig: { EndpointsConfig: { backend: { Aliases: ['db'] } } },
    };
    expect(translate(body)).toEqual({
      image: 'app',
      name: 'web',
      pull_policy: 'never',
      command: ['sleep 1'],
      environment: { A: 'b=c' },
      tty: true,
      stdin_open: true,
      expose: ['80/tcp'],
      stop_timeout: 3,
      healthcheck: { test: ['CMD', 'true'], interval: 2 },
      auto_remove: true,
      ports: ['127.0.0.1:8080:80/tcp', ':80/tcp', '[::1]::53/udp'],
      restart_policy: 'on-failure:2',
      memory: 1024,
      cpus: 0.5,
      volumes: ['data:/data:rw', 'more:/more:ro'],
      ulimits: { nofile: { soft: 1, hard: 2 } },
      network: 'backend',
      network_aliases: ['db'],
    });
  });

  it.each([
    [{ HostConfig: { PidMode: 'host' } }, 'HostConfig.PidMode is not supported'],
    [{ HostConfig: { Privileged: true } }, 'HostConfig.Privileged is not supported'],
    [{ HostConfig: { Devices: [{ PathOnHost: '/dev/fuse' }] } }, 'HostConfig.Devices is not supported'],
    [{ Domainname: 'example.com' }, 'Domainname is not supported'],
    [{ Env: ['A'] }, 'Env.0 must have the form NAME=value'],
    [{ Tty: 'yes' }, 'Tty must be true or false'],
    [{ HostConfig: { Binds: [1] } }, 'HostConfig.Binds must be a list of texts'],
  ])('refuses %j and names the field', (fields, message) => {
    expect(() => translate({ Image: 'app', ...fields })).toThrow(message);
  });
});

describe('names of images', () => {
  it.each([
    ['alpine', 'docker.io/library/alpine:latest'],
    ['team/app:1', 'docker.io/team/app:1'],
    ['localhost/app', 'localhost/app:latest'],
    ['registry.example.com:5000/app@sha256:abc', 'registry.example.com:5000/app@sha256:abc'],
    ['91ef0af61f39', '91ef0af61f39'],
  ])('%s means %s', (given, expected) => {
    expect(completeReference(given)).toBe(expected);
  });
});

describe('messages', () => {
  it("have Docker's words, which clients recognize", () => {
    expect(dockerMessage('There is no container web.')).toBe('No such container: web.');
    expect(dockerMessage('command: the container has no such executable.')).toContain('executable file not found');
  });
});
