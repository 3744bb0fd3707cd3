import { describe, expect, it } from 'vitest';
import { readConfig, type VariableName, variables } from '../src/index.ts';

const isName = (name: string): name is VariableName => name in variables;
const names = Object.keys(variables).filter(isName);

describe('readConfig', () => {
  it('returns the defaults for an empty environment', () => {
    expect(readConfig({}, names)).toMatchObject({
      MAX_WORKERS: 10,
      REQUEST_TIMEOUT: 30,
      DEBUG: false,
      HOST: '127.0.0.1',
      PORT: 5000,
      JOB_TIMEOUT: 600,
      RESULT_TTL: 3600,
      SHUTDOWN_TIMEOUT: 30,
      MAX_BODY: 10 * 1024 ** 2,
      ALLOWED_MOUNTS: [],
    });
    expect(readConfig({ PORT: '' }, ['PORT'])).toEqual({ PORT: 5000 });
  });

  it.each([
    ['PORT', '8080', 8080],
    ['DEBUG', '1', true],
    ['DEBUG', 'false', false],
    ['MAX_BODY', '1048576', 1048576],
    ['MAX_BODY', '2 MiB', 2 * 1024 ** 2],
    ['MAX_BODY', '1KiB', 1024],
    ['NODE_NAME', 'lab-7.example', 'lab-7.example'],
    ['ALLOWED_MOUNTS', '/srv/a:/srv/b', ['/srv/a', '/srv/b']],
    ['ALLOWED_IMAGES', 'localhost/*, registry.example:5000/a:1', ['localhost/*', 'registry.example:5000/a:1']],
    ['CORS_ORIGINS', 'https://A.example:443, http://b:8080,http://[::1]', ['https://a.example', 'http://b:8080', 'http://[::1]']],
  ] as const)('reads %s=%s', (name, text, value) => {
    expect(readConfig({ [name]: text }, [name])).toEqual({ [name]: value });
  });

  describe('error of readConfig: one line that names the variable, the value and what is allowed', () => {
    it.each([
      ['MAX_WORKERS', 'ten'],
      ['MAX_WORKERS', '1.5'],
      ['MAX_WORKERS', '-1'],
      ['REQUEST_TIMEOUT', '0'],
      ['DEBUG', 'TRUE'],
      ['DEBUG', 'on'],
      ['HOST', 'not a host'],
      ['PORT', '65536'],
      ['NODE_NAME', 'under_score'],
      ['NODE_NAME', 'UPPER'],
      ['MAX_BODY', '10MB'],
      ['MAX_BODY', '-5'],
      ['ALLOWED_MOUNTS', 'relative'],
      ['ALLOWED_NETWORKS', 'a,,b'],
      ['ALLOWED_USERS', 'a b'],
      ['STATE_DIR', 'relative'],
      ['CORS_ORIGINS', '*'],
      ['CORS_ORIGINS', 'example.com'],
      ['CORS_ORIGINS', 'https://a.example/'],
      ['CORS_ORIGINS', 'https://*.example'],
      ['CORS_ORIGINS', 'https://user@a.example'],
      ['CORS_ORIGINS', 'https://a.example,'],
      ['CORS_ORIGINS', 'https://a.example:99999'],
      ['CORS_ORIGINS', 'null'],
    ] as const)('refuses %s=%s', (name, text) => {
      expect(() => readConfig({ [name]: text }, [name])).toThrow(
        `${name}="${text}" is not allowed: it must be ${variables[name].allowed}.`,
      );
    });

    it('does not repeat a secret', () => {
      expect(() => readConfig({ SECRET_KEY: 'short' }, ['SECRET_KEY'])).toThrow(/^SECRET_KEY is not allowed: it must be at least 32/);
    });
  });
});
