import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe('generated/api.d.ts', () => {
  it('has the types of the OpenAPI document; "npm run openapi" writes it', () => {
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const { status, stderr } = spawnSync('npm', ['run', '--silent', 'types', '--', '--check'], { cwd, encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });
});
