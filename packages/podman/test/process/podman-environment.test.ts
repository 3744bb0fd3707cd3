import { describe, expect, it } from 'vitest';
import { podmanEnvironment } from '../../src/process/podman-environment.ts';

describe('podmanEnvironment', () => {
  it.each([
    'SECRET_KEY',
    'SECRET_KEY_FILE',
    'REDIS_URL',
    'API_TOKENS_FILE',
    'PODMAN_API_TOKEN',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'AWS_SECRET_ACCESS_KEY',
    'LD_PRELOAD',
    'XTABLES_LIBDIR',
    'NODE_OPTIONS',
    'MY_PATH',
  ])('does not pass on %s', name => {
    expect(podmanEnvironment({ [name]: 'secret' })).not.toHaveProperty(name);
  });

  it.each([
    'PATH',
    'HOME',
    'XDG_RUNTIME_DIR',
    'CONTAINERS_CONF',
    'CONTAINERS_STORAGE_CONF',
    'CONTAINER_HOST',
    'HTTPS_PROXY',
    'no_proxy',
    'REGISTRY_AUTH_FILE',
    'SSL_CERT_FILE',
    'TMPDIR',
    'GODEBUG',
  ])('passes on %s', name => {
    expect(podmanEnvironment({ [name]: 'x' })).toHaveProperty(name, 'x');
  });

  it('lets GOGC be set', () => {
    expect(podmanEnvironment({})).toMatchObject({ GOGC: '400' });
    expect(podmanEnvironment({ GOGC: '100' })).toMatchObject({ GOGC: '100' });
  });
});
