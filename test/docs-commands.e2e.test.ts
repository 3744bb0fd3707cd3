import { describe, expect, it } from 'vitest';
import { normalizeOutput, readShellBlocks } from './docs/blocks.ts';
import { usePageRunner } from './docs/page-runner.ts';

const { output, run, runPage } = usePageRunner();

/** Returns the line of output after the block `npm start`. */
function outputOfStart(page: string): string {
  const start = readShellBlocks(page).find(({ commands }) => commands === 'npm start\n');
  return start?.output ?? `there is no output of "npm start" in ${page}`;
}

describe('npm start', () => {
  it('prints a command that creates a container', async () => {
    const [, command = ''] = /^ {2}(curl .*)$/m.exec(output()) ?? [];
    expect(await run(command)).toContain('"name":"hello","status":"running"');
  });

  it.each(['README.md', 'docs/getting-started.md'])('prints what %s says', page => {
    expect(normalizeOutput(output())).toContain(normalizeOutput(outputOfStart(page)));
  });
});

describe('the commands of', () => {
  it('README.md print what it says', async () => {
    await runPage('README.md');
  });

  // Last, because it makes tokens, which are then required.
  it('docs/getting-started.md print what it says', async () => {
    const printed = await runPage('docs/getting-started.md');
    for (const text of [
      /"status":"succeeded"/,
      /"status":"cancelled"|"status":"running"/,
      /^NAME +IMAGE .*\n(.*\n)*?box +localhost/m,
      /^I am root in [0-9a-f]{12}$/m,
      /"removed":true/,
      /^The token ci was revoked\.$/m,
    ]) {
      expect(printed).toMatch(text);
    }
  });
});
