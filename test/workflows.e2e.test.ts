import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expand } from './ci/expressions.ts';
import { runShell } from './ci/shell.ts';
import { parseAction, parseWorkflow } from './ci/workflow.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'podman-api-workflows-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Every set of shell lines in the workflows and in the actions, with its file. */
function shellLines(): readonly { path: string; shell: 'sh' | 'bash'; run: string }[] {
  const workflows = globSync('.github/workflows/*.yml', { cwd: root });
  const actions = globSync('{action.yml,.github/actions/*/action.yml}', { cwd: root });
  const all = [
    ...workflows.map(path => ({ path, steps: Object.values(parseWorkflow(read(path)).jobs).flatMap(job => job.steps ?? []) })),
    ...actions.map(path => ({ path, steps: parseAction(read(path)).runs.steps })),
  ];
  return all.flatMap(({ path, steps }) =>
    steps.flatMap(({ run, shell = 'bash' }) => (run === undefined ? [] : [{ path, shell, run: expand(run, {}) }])),
  );
}

describe('shell lines', () => {
  it('of workflows and actions have the syntax of their shell', async () => {
    const all = shellLines();
    expect(all.length).toBeGreaterThan(10);
    for (const { path, shell, run } of all) {
      const file = join(folder, 'lines');
      writeFileSync(file, run);
      expect({ path, run, ...(await runShell(shell, `${shell} -n lines`, {}, folder)) }).toMatchObject({ code: 0, output: '' });
    }
  });

  it('of the smoke test have the syntax of sh, and refuse an unknown engine', async () => {
    expect(await runShell('sh', 'sh -n release/smoke-test-image', {}, root)).toEqual({ code: 0, output: '' });
    expect(await runShell('sh', 'release/smoke-test-image no-such-engine', {}, root)).toMatchObject({ code: 127 });
  });
});
