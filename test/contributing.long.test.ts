import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { copyCheckout } from './contributing/checkout.ts';
import { readExample, type Step } from './contributing/example.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'podman-api-contributing-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('the example in CONTRIBUTING.md', () => {
  it('adds an operation that passes the checks, the unit tests and its own e2e test', async () => {
    copyCheckout(root, copy);
    const steps = readExample(root);
    for (const step of steps) await apply(step);
    expect(steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['create', 'edit', 'run']));
  });
});

async function apply(step: Step): Promise<void> {
  if (step.kind === 'run') {
    const { status, output } = await run(step.command);
    expect(status, `${step.command}\n${output}`).toBe(0);
    return;
  }
  const path = join(copy, step.path);
  if (step.kind === 'create') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, step.text, { flag: 'wx' });
    return;
  }
  const parts = readFileSync(path, 'utf8').split(step.before);
  expect(parts, `${step.path} contains these lines once:\n${step.before}`).toHaveLength(2);
  writeFileSync(path, parts.join(step.after));
}

/** Runs a command as a user does in a shell, without the variables that Vitest and npm have set. */
async function run(command: string): Promise<{ status: unknown; output: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|vitest|vite_|node_env$|test$)/i.test(name)));
  const child = spawn('sh', ['-c', command], {
    cwd: copy,
    // Fails instead of installing something into the links.
    env: { ...env, npm_config_install: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', chunk => {
      output += chunk;
    });
  }
  const [status] = await once(child, 'close');
  return { status, output };
}
