import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the types are those of the API\'s document; "npm run openapi" makes them anew', () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'types', '--', '--check'], { cwd, encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
});
