import { describe, expect, it } from 'vitest';
import { usePageRunner } from './docs/page-runner.ts';

const { runPage } = usePageRunner();

describe('the commands of', () => {
  it('docs/api.md print what it says', async () => {
    const printed = await runPage('docs/api.md');
    // The job that is cancelled, and the command that runs once.
    expect(printed).toMatch(/^20[02]$[\s\S]*"status":"cancelled"/m);
    expect(printed.match(/"stdout":"1\\n"/g)).toHaveLength(2);
  });

  it('docs/files-and-users.md print what it says', async () => {
    expect(await runPage('docs/files-and-users.md')).toContain('"username":"ada"');
  });

  it('docs/runs.md print what it says', async () => {
    expect(await runPage('docs/runs.md')).toContain('"content":"hello\\n"');
  });

  // Last, because it makes tokens, which are then required.
  it('docs/observability.md print what it says', async () => {
    const printed = await runPage('docs/observability.md');
    expect(printed).toMatch(/"status":"(healthy|degraded)"/);
    expect(printed).toMatch(/^bull:/m);
    expect(printed).toMatch(/^# HELP /m);
  });
});
