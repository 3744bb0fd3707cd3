import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const runApp = fileURLToPath(new URL('../src/run-app.ts', import.meta.url));

/** Runs an app whose main function is this code. */
function run(main: string) {
  const script = `import { mkdirSync, readFileSync } from 'node:fs'; import { runApp } from ${JSON.stringify(runApp)}; await runApp(async () => { ${main} });`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  return { status, stderr };
}

describe('runApp', () => {
  it('ends with one line if a directory cannot be made', () => {
    expect(run("mkdirSync('/dev/null/state', { recursive: true })")).toEqual({
      status: 1,
      stderr: '/dev/null/state cannot be used (ENOTDIR): let this user write there, or set STATE_DIR to another directory.\n',
    });
  });

  it('shows the stack of any other error', () => {
    for (const code of ["readFileSync('/no/such/file')", "throw new Error('a defect')"]) {
      const { status, stderr } = run(code);
      expect(status).not.toBe(0);
      expect(stderr).toContain('at ');
    }
  });
});
