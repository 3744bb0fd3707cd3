import { collectGarbage } from '@podman-api/testing/garbage';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BodyReader } from '../src/docker/body-reader.ts';
import { readCreateBody } from '../src/docker/containers/create-input.ts';
import { dockerMessage } from '../src/docker/errors.ts';
import { type ExecInstance, ExecStore } from '../src/docker/exec/exec-store.ts';
import { completeReference, matchesReference } from '../src/docker/image-names.ts';
import { readBuildArgs } from '../src/docker/images/build.ts';

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
    [{ HostConfig: { Binds: [1] } }, 'HostConfig.Binds must be a list of strings'],
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

describe('strings that some regular expressions need exponential time for', () => {
  it('are read as names of images in time that grows with their length', () => {
    const text = ':'.repeat(2_000_000);
    expect(completeReference(`x/${text}/`)).toBe(`docker.io/x/${text}/:latest`);
  });

  it('are read as patterns of images, too', () => {
    expect(matchesReference(`x:${'a'.repeat(128)}`, `x:${'*a'.repeat(60)}*b`)).toBe(false);
  });
});

describe('patterns of names of images', () => {
  it.each([
    ['app:1', 'app', true],
    ['app:1', 'app:*', true],
    ['app:1', 'a*p:1', true],
    ['app:1', 'ap', false],
    ['app:1', '*', true],
    ['team/app:1', '*', false],
    ['team/app:1', 't*/*:1', true],
    ['team/app:1', 'team/*p*:*', true],
    ['aba:1', 'ab*ba:1', false],
  ])('%s with %s: %s', (name, pattern, expected) => {
    expect(matchesReference(name, pattern)).toBe(expected);
  });
});

describe('the commands of exec that are kept', () => {
  afterEach(() => void vi.useRealTimers());
  const command = (token: string, words: readonly string[] = ['true']) => ({
    token,
    command: words,
    containerId: 'c1',
    environment: undefined,
    user: undefined,
    workDir: undefined,
    tty: false,
    hasStdin: false,
    size: undefined,
  });
  const add = (store: ExecStore, token: string, count: number): ExecInstance[] =>
    Array.from({ length: count }, () => store.add(command(token)));

  it('are at most 1,000 of each token: the oldest that do not run are dropped', () => {
    const store = new ExecStore();
    const [other] = add(store, 'other', 1);
    const [running, oldest] = add(store, 'greedy', 2);
    if (!running || !oldest || !other) throw new Error('nothing was added');
    running.status = 'running';
    add(store, 'greedy', 999);
    expect(store.get(running.id, 'greedy')).toBe(running);
    expect(() => store.get(oldest.id, 'greedy')).toThrow('No such exec instance');
    expect(store.get(other.id, 'other')).toBe(other);
    expect(() => store.get(other.id, 'greedy')).toThrow('No such exec instance');
  });

  it('include nothing of a token whose commands have expired', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const store = new ExecStore();
    const heapBytes = async () => {
      await collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const beforeBytes = await heapBytes();
    const [tokens, nameBytes] = [32, 1024 ** 2];
    for (let number = 0; number < tokens; number += 1) add(store, String(number).padEnd(nameBytes), 1);
    vi.advanceTimersByTime(3_600_001);
    const [last] = add(store, 'last', 1);
    expect((await heapBytes()) - beforeBytes).toBeLessThan((tokens * nameBytes) / 2);
    expect(last && store.get(last.id, 'last')).toBe(last);
  });

  it('refuses more if all of them run, or one alone is too long', () => {
    const store = new ExecStore();
    for (const one of add(store, 'greedy', 1000)) one.status = 'running';
    expect(() => store.add(command('greedy'))).toThrow('Too many exec commands');
    expect(() => store.add(command('other', ['x'.repeat(9_000_000)]))).toThrow('at most 8388608 bytes');
  });
});

describe('messages', () => {
  it("have Docker's words, which clients recognize", () => {
    expect(dockerMessage('There is no container web.')).toBe('No such container: web.');
    expect(dockerMessage('command: the container has no such executable.')).toContain('executable file not found');
  });
});

describe('readBuildArgs', () => {
  it('leaves out arguments without a value, for which the defaults of the Dockerfile hold', () => {
    expect(readBuildArgs('{"A":null,"B":"","C":"c"}')).toEqual({ B: '', C: 'c' });
    expect(() => readBuildArgs('{"A":1}')).toThrow('buildargs.A must be a string.');
  });

  it.each([undefined, 'null', '{}'])('returns none for %j', text => {
    expect(readBuildArgs(text)).toEqual({});
  });
});
