import { describe, expect, it } from 'vitest';
import { findNpmError, findNpmRemedy, isInstalled } from '../system/npm-packages.mjs';

describe('isInstalled', () => {
  const lock = (packages: object) => JSON.stringify({ packages });
  const wanted = lock({
    '': { version: '1.0.0' },
    'apps/api': { version: '1.0.0' },
    'node_modules/@podman-api/api': { link: true },
    'node_modules/koa': { version: '3.0.0' },
    'node_modules/for-another-system': { version: '1.0.0', optional: true },
  });

  it('is true if npm has recorded the same versions', () => {
    expect(isInstalled(wanted, lock({ 'node_modules/koa': { version: '3.0.0' } }))).toBe(true);
  });

  it('is false if npm has recorded another version', () => {
    expect(isInstalled(wanted, lock({ 'node_modules/koa': { version: '2.0.0' } }))).toBe(false);
  });

  it('is false for another version of an optional package', () => {
    const installed = lock({ 'node_modules/koa': { version: '3.0.0' }, 'node_modules/for-another-system': { version: '0.1.0' } });
    expect(isInstalled(wanted, installed)).toBe(false);
  });

  it('is false if npm has not finished', () => {
    expect(isInstalled(wanted, '')).toBe(false);
  });

  it('is false if the record of npm is incomplete', () => {
    expect(isInstalled(wanted, lock({ 'node_modules/koa': { version: '3.0.0' } }).slice(0, -1))).toBe(false);
  });
});

describe('findNpmError', () => {
  it.each([
    [
      'of npm 9',
      'npm ERR! code ECONNREFUSED\nnpm ERR! syscall connect\nnpm ERR! errno ECONNREFUSED\nnpm ERR! FetchError: request to http://registry failed\n\nnpm ERR! A complete log of this run can be found in:\nnpm ERR!     /root/.npm/_logs/debug.log',
      'ECONNREFUSED: FetchError: request to http://registry failed',
    ],
    [
      'of npm 11',
      'npm error code 127\nnpm error path /srv\nnpm error command failed\nnpm error command sh -c node ./report.js\nnpm error node: error while loading shared libraries: libatomic.so.1',
      '127: node: error while loading shared libraries: libatomic.so.1',
    ],
    ['of a missing npm', 'spawnSync npm ENOENT', 'spawnSync npm ENOENT'],
    ['of silence', '', 'npm printed no reason'],
  ])('is the reason in the output %s', (_of, output, cause) => {
    expect(findNpmError(output)).toBe(cause);
  });
});

describe('findNpmRemedy', () => {
  it.each([
    ['EACCES: permission denied, rename', 'Make this user the owner'],
    ['ENOSPC: no space left on device', 'Free some disk space'],
    ['request failed, reason: getaddrinfo ENOTFOUND', "Check the network and npm's settings"],
    ['SELF_SIGNED_CERT_IN_CHAIN', "Check the network and npm's settings"],
    ['something else', 'Run "npm ci" to see all of its output'],
  ])('for "%s" is: %s', (output, remedy) => {
    expect(findNpmRemedy(output)).toContain(remedy);
  });
});
