import { containerOperations } from '@podman-api/operations';
import { describe, expect, it } from 'vitest';
import { requiredResources, withLimitedTtl } from '../src/request/quotas.ts';
import { readQuotas } from '../src/tokens/quotas.ts';
import type { TokenQuotas } from '../src/tokens/token.ts';

const { create, exec, renew } = containerOperations;
const tokenWith = (quotas: TokenQuotas) =>
  ({ name: 'ci', hash: '', scopes: ['admin'], created_at: '2026-01-05T09:00:00.000Z', expires_at: null, quotas }) as const;
const input = { image: 'alpine', name: 'web' };

describe('requiredResources', () => {
  it('returns what the container takes, in bytes and CPUs', () => {
    const token = tokenWith({});
    expect(requiredResources(create, { ...input, memory: '1k', cpus: '1.5' }, token)).toEqual({ memory: 1024, cpus: 1.5 });
    expect(requiredResources(create, input, token)).toEqual({ memory: 0, cpus: 0 });
  });

  it('returns undefined for a dry run, without a token and for operations that create no container', () => {
    const token = tokenWith({ max_memory: 1 });
    expect(requiredResources(create, { ...input, dry_run: true }, token)).toBeUndefined();
    expect(requiredResources(create, input, undefined)).toBeUndefined();
    expect(requiredResources(exec, { name: 'web', command: 'id' }, token)).toBeUndefined();
  });

  it('requires memory and cpus under the quotas max_memory and max_cpus', () => {
    const required = () => requiredResources(create, input, tokenWith({ max_memory: 1024, max_cpus: 2 }));
    expect(required).toThrow(
      expect.objectContaining({
        status: 403,
        message:
          'memory is required, because the token ci has the quota max_memory=1024; cpus is required, because the token ci has the quota max_cpus=2.',
        fields: { details: [expect.objectContaining({ path: 'memory' }), expect.objectContaining({ path: 'cpus' })] },
      }),
    );
  });
});

describe('requiredResources of an operation that creates no container', () => {
  it('refuses to change what is counted', () => {
    const change = (quotas: TokenQuotas) => requiredResources(exec, { name: 'web', memory: '1g' }, tokenWith(quotas));
    expect(change({ max_cpus: 1 })).toBeUndefined();
    expect(() => change({ max_memory: 1024 })).toThrow('memory cannot be changed, because the token ci has the quota max_memory=1024.');
  });
});

describe('withLimitedTtl', () => {
  it('sets and limits the ttl of operations that take one', () => {
    const token = tokenWith({ max_ttl: 60 });
    expect(withLimitedTtl(create, input, token)).toEqual({ ...input, ttl: 60 });
    expect(withLimitedTtl(create, { ...input, ttl: 61 }, token)).toEqual({ ...input, ttl: 60 });
    expect(withLimitedTtl(create, { ...input, ttl: 59 }, token)).toEqual({ ...input, ttl: 59 });
    expect(withLimitedTtl(renew, { name: 'web', ttl: 3600 }, token)).toEqual({ name: 'web', ttl: 60 });
    expect(withLimitedTtl(exec, { name: 'web' }, token)).toEqual({ name: 'web' });
    expect(withLimitedTtl(create, input, tokenWith({}))).toEqual(input);
  });
});

describe('readQuotas', () => {
  it('reads the units of each quota', () => {
    const texts = { max_containers: '10', max_memory: '4g', max_cpus: '2.5', max_running_jobs: '20', max_ttl: '12h' };
    const quotas = { max_containers: 10, max_memory: 4_294_967_296, max_cpus: 2.5, max_running_jobs: 20, max_ttl: 43_200 };
    expect(readQuotas(texts)).toEqual(quotas);
    expect(readQuotas({ max_containers: '0' })).toEqual({ max_containers: 0 });
    expect(readQuotas({})).toBeUndefined();
  });

  it.each([
    ['max_containers', '-1'],
    ['max_containers', '1.5'],
    ['max_memory', 'much'],
    ['max_cpus', '0'],
    ['max_cpus', '1.2.3'],
    ['max_running_jobs', ''],
    ['max_ttl', '60'],
  ])('refuses %s=%j', (name, text) => {
    expect(() => readQuotas({ [name]: text })).toThrow(`--${name.replaceAll('_', '-')}="${text}" is not allowed: it must be a number of`);
  });
});
