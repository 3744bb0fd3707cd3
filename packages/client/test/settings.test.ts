import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../src/settings.ts';

describe('resolveSettings', () => {
  it('has defaults', () => {
    expect(resolveSettings({}, {})).toMatchObject({ baseUrl: 'http://127.0.0.1:5000/api/v1', token: undefined, retryTimeoutMs: 10_000 });
  });

  it('takes the environment before defaults, and options before the environment', () => {
    const env = { PODMAN_API_URL: 'https://ci.example/podman/', PODMAN_API_TOKEN: 'secret', PODMAN_API_RETRY_TIMEOUT: '0.5' };
    expect(resolveSettings({}, env)).toMatchObject({ baseUrl: 'https://ci.example/podman/api/v1', token: 'secret', retryTimeoutMs: 500 });
    expect(resolveSettings({ url: 'http://[::1]:80/api/v1', token: '', retryTimeoutSeconds: 0 }, env)).toMatchObject({
      baseUrl: 'http://[::1]/api/v1',
      token: undefined,
      retryTimeoutMs: 0,
    });
  });

  it.each([
    [{ PODMAN_API_URL: 'over there' }, 'PODMAN_API_URL'],
    [{ PODMAN_API_URL: 'unix:///run/x' }, 'PODMAN_API_URL'],
    [{ PODMAN_API_URL: 'http://user:word@host' }, 'PODMAN_API_URL'],
    [{ PODMAN_API_RETRY_TIMEOUT: 'long' }, 'PODMAN_API_RETRY_TIMEOUT'],
    [{ PODMAN_API_RETRY_TIMEOUT: '' }, 'PODMAN_API_RETRY_TIMEOUT'],
  ])('refuses %j and names the variable', (env, name) => {
    expect(() => resolveSettings({}, env)).toThrow(name);
  });

  it('refuses a token that cannot be a header, and does not show it', () => {
    expect(() => resolveSettings({ token: 'my\nsecret' }, {})).toThrow(/^(?!.*my).*PODMAN_API_TOKEN/s);
  });
});
