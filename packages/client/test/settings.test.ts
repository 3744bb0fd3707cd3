import { describe, expect, it } from 'vitest';
import { settle } from '../src/settings.ts';

describe('settle', () => {
  it('has defaults', () => {
    expect(settle({}, {})).toMatchObject({ base: 'http://127.0.0.1:5000/api/v1', token: undefined, patience: 10_000 });
  });

  it('takes the environment before defaults, and options before the environment', () => {
    const env = { PODMAN_API_URL: 'https://ci.example/podman/', PODMAN_API_TOKEN: 'secret', PODMAN_API_PATIENCE: '0.5' };
    expect(settle({}, env)).toMatchObject({ base: 'https://ci.example/podman/api/v1', token: 'secret', patience: 500 });
    expect(settle({ url: 'http://[::1]:80/api/v1', token: '', patience: 0 }, env)).toMatchObject({
      base: 'http://[::1]/api/v1',
      token: undefined,
      patience: 0,
    });
  });

  it.each([
    [{ PODMAN_API_URL: 'over there' }, 'PODMAN_API_URL'],
    [{ PODMAN_API_URL: 'unix:///run/x' }, 'PODMAN_API_URL'],
    [{ PODMAN_API_URL: 'http://user:word@host' }, 'PODMAN_API_URL'],
    [{ PODMAN_API_PATIENCE: 'long' }, 'PODMAN_API_PATIENCE'],
    [{ PODMAN_API_PATIENCE: '' }, 'PODMAN_API_PATIENCE'],
  ])('refuses %j and names the variable', (env, name) => {
    expect(() => settle({}, env)).toThrow(name);
  });

  it('refuses a token that cannot be a header, and does not show it', () => {
    expect(() => settle({ token: 'my\nsecret' }, {})).toThrow(/^(?!.*my).*PODMAN_API_TOKEN/s);
  });
});
