import { expect, test } from 'vitest';
import { settle } from '../src/settings.ts';

test('options come before the environment, and that before what holds otherwise', () => {
  expect(settle({}, {})).toMatchObject({ base: 'http://127.0.0.1:5000/api/v1', token: undefined, patience: 10_000 });
  const env = { PODMAN_API_URL: 'https://ci.example/podman/', PODMAN_API_TOKEN: 'secret', PODMAN_API_PATIENCE: '0.5' };
  expect(settle({}, env)).toMatchObject({ base: 'https://ci.example/podman/api/v1', token: 'secret', patience: 500 });
  expect(settle({ url: 'http://[::1]:80/api/v1', token: '', patience: 0 }, env)).toMatchObject({
    base: 'http://[::1]/api/v1',
    token: undefined,
    patience: 0,
  });
});

test.each([
  [{ PODMAN_API_URL: 'over there' }, 'PODMAN_API_URL'],
  [{ PODMAN_API_URL: 'unix:///run/x' }, 'PODMAN_API_URL'],
  [{ PODMAN_API_URL: 'http://user:word@host' }, 'PODMAN_API_URL'],
  [{ PODMAN_API_PATIENCE: 'long' }, 'PODMAN_API_PATIENCE'],
  [{ PODMAN_API_PATIENCE: '' }, 'PODMAN_API_PATIENCE'],
])('%j is refused by name', (env, name) => {
  expect(() => settle({}, env)).toThrow(name);
});

test('a token that can not stand in a header is refused, and not shown', () => {
  expect(() => settle({ token: 'my\nsecret' }, {})).toThrow(/^(?!.*my).*PODMAN_API_TOKEN/s);
});
