import { runRootOf } from '@podman-api/testing/storage';
import { describe, expect, it } from 'vitest';

describe('runRootOf', () => {
  const folder = `/home/somebody/with/a/long/path/to/the/checkout/${'x'.repeat(100)}`;

  it('is short enough for podman, however long the path of the storage is', () => {
    expect(runRootOf(folder).length).toBeLessThanOrEqual(50);
  });

  it('is different for each storage, and the same each time', () => {
    expect(runRootOf(folder)).toBe(runRootOf(folder));
    expect(runRootOf(`${folder}2`)).not.toBe(runRootOf(folder));
  });
});
