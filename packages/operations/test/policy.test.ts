import { ApiError } from '@podman-api/errors';
import { describe, expect, it } from 'vitest';
import { create } from '../src/container/create/index.ts';
import { exec } from '../src/container/exec/index.ts';
import { enforcePolicy, type PolicyVariables, policyOf, validateInput } from '../src/index.ts';
import { imagePatternsOf, matches, patternsOf } from '../src/policy/patterns.ts';

const unset: PolicyVariables = {
  ALLOWED_IMAGES: undefined,
  ALLOWED_MOUNTS: [],
  ALLOWED_CAPABILITIES: undefined,
  ALLOWED_NETWORKS: undefined,
  ALLOWED_USERS: undefined,
  ALLOWED_RUNTIMES: undefined,
};

/** The fields that are refused. */
function refused(given: () => void): readonly string[] {
  try {
    given();
    return [];
  } catch (error) {
    if (!(error instanceof ApiError) || error.type !== 'ForbiddenError') throw error;
    return (error.fields.details ?? []).map(({ path }) => path);
  }
}
const created = (options: object, variables: Partial<PolicyVariables> = {}) =>
  refused(() =>
    enforcePolicy(create, validateInput(create, { image: 'alpine', name: 'web', ...options }), policyOf({ ...unset, ...variables })),
  );

describe('policy', () => {
  describe('ALLOWED_IMAGES', () => {
    const digest = `@sha256:${'a'.repeat(64)}`;
    it.each([
      ['docker.io/library/alpine', 'docker.io/library/*', true],
      ['docker.io/library/alpine:3.20', 'docker.io/library/*', true],
      ['alpine', 'docker.io/library/*', false],
      ['library/alpine', 'docker.io/library/*', false],
      ['docker.io/library/alpine', 'alpine', false],
      ['alpine:latest', 'alpine', false],
      ['docker.io.evil.example/library/alpine', 'docker.io/library/*', false],
      ['dockerxio/library/alpine', 'docker.io/library/*', false],
      ['evil.example/docker.io/library/alpine', 'docker.io/library/*', false],
      [`docker.io/library/alpine${digest}`, `docker.io/library/alpine${digest}`, true],
      [`docker.io/library/alpine@sha256:${'b'.repeat(64)}`, `docker.io/library/alpine${digest}`, false],
      ['docker.io/library/alpine', `docker.io/library/alpine${digest}`, false],
      ['alpine:3.20', 'alpine:*', true],
      ['alpine:5000/evil/img', 'alpine:*', false],
      ['reg.example/app:1.2', 'reg.example/app:1*', true],
      [`reg.example/app:1${digest}`, 'reg.example/app:1*', false],
      ['reg.example:5000/app:1', 'reg.example:5000/*', true],
      ['alpine.evil.example/x', 'alpine*', false],
      ['any.example:5000/x:1', '*', true],
    ])('checks %s against the pattern %s: %s', (image, pattern, allowed) => {
      expect(created({ image }, { ALLOWED_IMAGES: ['localhost/other', pattern] })).toEqual(allowed ? [] : ['image']);
    });

    it.each([
      // A `*` in the tag must not match characters that an earlier `*` could match.
      ['reg/a:1/b:1x', 'reg/*:1*', true],
      ['reg/a:1/b:1x/y', 'reg/*:1*', false],
      ['a.b/c/d', '*.*/*', true],
      ['a/b.c/d', '*.*/*', false],
      ['abcb', 'a*b', true],
      ['ab', 'a**b', true],
      ['acb/b', 'a*b', false],
    ])('matches %s by the pattern %s: %s', (image, pattern, matched) => {
      expect(matches(imagePatternsOf([pattern]) ?? [], image)).toBe(matched);
    });

    it('allows every image of a public registry if it is not set', () => {
      for (const image of ['whatever', 'a/b', 'docker.io/library/alpine', 'registry.example:5000/x', '8.8.8.8:5000/x', '192.169.0.1/x'])
        expect(created({ image })).toEqual([]);
    });
  });

  describe('registries in the private network of the node', () => {
    const addresses = ['10.0.0.1:22', '127.0.0.1', '127.9.9.9:1', '172.16.0.1', '172.31.255.255:5000', '192.168.1.1', '169.254.169.254'];
    const reserved = ['0.0.0.0:1', '0.1.2.3', '100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'];
    const spellings = ['127.1', '0x7f.1:22', '0X7F.1:22', '0177.0.0.1', '010.0.0.1', '08.8.8.8', '2130706433:22', '0x7f000001:22', '0:1'];
    const names = [
      'localhost:22',
      'LOCALHOST:22',
      'a.localhost',
      'A.LocalHost:1',
      'myhost:22',
      'ip6-localhost:22',
      '999.1.1.1',
      '127.0.0.1.',
    ];

    it.each([...addresses, ...reserved, ...spellings, ...names])('refuses %s', registry => {
      expect(created({ image: `${registry}/x` })).toEqual(['image']);
      expect(created({ image: `${registry}/x`, pull_policy: 'always' }, { ALLOWED_IMAGES: ['*'] })).toEqual(['image']);
    });

    it.each(['[::1]:22/x', '[::ffff:127.0.0.1]:22/x', '::1/x', 'docker://127.0.0.1:22/x'])('returns 400 for %s', image => {
      expect(() => created({ image })).toThrow(expect.objectContaining({ status: 400 }));
    });

    it.each([
      ['10.0.0.1:5000/x', ['10.0.0.1:5000/*'], true],
      ['10.0.0.1:5000/x', ['*', '10.0.0.1:5000/other'], true],
      ['10.0.0.1:22/x', ['*', '10.0.0.1:5000/*'], false],
      ['10.0.0.1/x', ['*', '10.0.0.1:5000/*'], false],
      ['10.0.0.1:22/x', ['10.0.0.1:*/x'], false],
      ['10.0.0.1:22/x', ['10.0.0.*/x'], false],
      ['localhost:5000/x', ['localhost:5000/*'], true],
    ])('checks %s against ALLOWED_IMAGES %j: %s', (image, patterns, allowed) => {
      expect(created({ image }, { ALLOWED_IMAGES: patterns })).toEqual(allowed ? [] : ['image']);
    });

    it('allows an image that is not pulled', () => {
      expect(created({ image: '10.0.0.1:5000/x', pull_policy: 'never' })).toEqual([]);
      expect(created({ image: 'localhost/x' })).toEqual([]);
      expect(created({ image: 'localhost/x', pull_policy: 'always' })).toEqual(['image']);
    });

    it('says which pattern allows the registry', () => {
      const input = validateInput(create, { image: '10.0.0.1:5000/x', name: 'web' });
      expect(() => enforcePolicy(create, input, policyOf(unset))).toThrow(
        /unless a pattern in ALLOWED_IMAGES begins with 10\.0\.0\.1:5000\/\.$/,
      );
    });
  });

  it.each([
    [['CHOWN', 'CAP_KILL'], undefined, []],
    [['NET_ADMIN'], undefined, ['cap_add.0']],
    [['CHOWN', 'SYS_ADMIN', 'ALL'], undefined, ['cap_add.1', 'cap_add.2']],
    [['NET_ADMIN', 'CAP_NET_RAW', 'CHOWN'], ['CAP_NET_ADMIN', 'NET_RAW'], []],
    [['NET_ADMIN', 'SYS_ADMIN'], ['NET_*'], ['cap_add.1']],
    [['ALL', 'CAP_ALL', 'SYS_ADMIN'], ['*'], ['cap_add.0', 'cap_add.1']],
    [['ALL', 'SYS_ADMIN'], ['ALL'], []],
  ])('judges the capabilities %j by ALLOWED_CAPABILITIES %j', (cap_add, listed, fields) => {
    expect(created({ cap_add }, { ALLOWED_CAPABILITIES: listed })).toEqual(fields);
  });

  it.each([
    [undefined, undefined, true],
    ['app-net', undefined, true],
    ['none', undefined, true],
    ['host', undefined, false],
    ['container:redis', undefined, false],
    ['app-net', ['app-*'], true],
    ['other', ['app-*'], false],
    [undefined, ['app-*'], false],
    ['host', ['app-*'], false],
    ['container:redis', ['container:web', 'host'], false],
    ['container:web', ['container:web', 'host'], true],
    ['host', ['container:web', 'host'], true],
    ['host', ['*'], false],
    ['container:web', ['*', 'c*'], false],
    ['container:web', ['container:*'], true],
  ])('judges the network %s by ALLOWED_NETWORKS %j: %s', (network, listed, allowed) => {
    expect(created(network === undefined ? {} : { network }, { ALLOWED_NETWORKS: listed })).toEqual(allowed ? [] : ['network']);
  });

  it.each([
    'container:',
    'container:-x',
    'container:a:b',
    'ns:/proc/1/ns/net',
    'slirp4netns:allow_host_loopback=true',
    'Container:x',
    'container:/x',
  ])('returns 400 for the network %s', network => expect(() => created({ network })).toThrow(expect.objectContaining({ status: 400 })));

  it.each([
    [undefined, undefined, true],
    ['root', undefined, true],
    ['app', ['app', 'web-*'], true],
    ['web-1', ['app', 'web-*'], true],
    ['root', ['app', 'web-*'], false],
    ['app:root', ['app', 'web-*'], false],
    [undefined, ['app'], false],
  ])('judges an exec as %s by ALLOWED_USERS %j: %s', (user, listed, allowed) => {
    const input = validateInput(exec, { name: 'web', command: 'id', ...(user !== undefined && { user }) });
    expect(refused(() => enforcePolicy(exec, input, policyOf({ ...unset, ALLOWED_USERS: listed })))).toEqual(allowed ? [] : ['user']);
  });

  it.each([
    [undefined, undefined, true],
    ['crun', undefined, false],
    ['crun', [], false],
    ['crun', ['runc'], false],
    ['runsc', ['runc', 'run*'], true],
  ])('judges the runtime %s by ALLOWED_RUNTIMES %j: %s', (runtime, listed, allowed) => {
    expect(created(runtime === undefined ? {} : { runtime }, { ALLOWED_RUNTIMES: listed })).toEqual(allowed ? [] : ['runtime']);
  });

  // A regular expression with as many `.*` would take exponential time.
  it.each(['*a*a*a*a*a*a*a*a*b', `${'*a'.repeat(50)}b`, `${'*'.repeat(50)}b`])(
    'needs one pass over the text for the pattern %s',
    pattern => {
      expect(matches(patternsOf([pattern]) ?? [], 'a'.repeat(20_000))).toBe(false);
      expect(matches(patternsOf([pattern]) ?? [], `${'a'.repeat(20_000)}b`)).toBe(true);
    },
  );

  it('lists all refused fields at once, with the variables to change', () => {
    const input = validateInput(create, { image: 'alpine', name: 'web', cap_add: ['NET_ADMIN'], network: 'host' });
    expect(() => enforcePolicy(create, input, policyOf({ ...unset, ALLOWED_IMAGES: ['none'] }))).toThrow(
      expect.objectContaining({
        status: 403,
        message: expect.stringMatching(/ALLOWED_IMAGES.*ALLOWED_CAPABILITIES.*ALLOWED_NETWORKS.*\.$/),
      }),
    );
  });
});
