import { sharedService } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';

describe('connections', () => {
  it('stay open for longer than proxies keep idle ones', async () => {
    const { headers } = await fetch(`${sharedService().url}/api/v1/health`);
    expect(headers.get('Connection')).toBe('keep-alive');
    const [, seconds] = /^timeout=(\d+)$/.exec(headers.get('Keep-Alive') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(60);
  });
});
