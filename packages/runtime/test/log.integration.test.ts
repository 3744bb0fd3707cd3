import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const log = fileURLToPath(new URL('../src/log.ts', import.meta.url));
const script = `
  // Occupies all threads of libuv, so a line that one of them had to write would be lost at exit.
  for (let thread = 0; thread < 4; thread += 1) (await import('node:crypto')).pbkdf2('', '', 1e5, 64, 'sha512', () => {});
  const { createLog } = await import('${log}');
  const log = await createLog('api', false);
  log.info({ container: 'web', duration_ms: 12.5, job: 'a' }, 'container.exec succeeded');
  log.error({ err: new Error('no\\x1b[2J\\nsecond line') }, 'it failed');
  log.debug('nothing');
  process.exit(0);`;
const args = ['--input-type=module', '--eval', script];
const { NO_COLOR: _noColor, ...env } = process.env;

describe('createLog', () => {
  it('writes one line of JSON per event to a pipe', () => {
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        app: 'api',
        container: 'web',
        duration_ms: 12.5,
        job: 'a',
        msg: 'container.exec succeeded',
      }),
      expect.objectContaining({ level: 'error', app: 'api', err: expect.objectContaining({ type: 'Error' }), msg: 'it failed' }),
    ]);
  });

  it('writes short coloured lines to a terminal, loses none at exit, and escapes control characters', () => {
    const quoted = [process.execPath, ...args].map(text => `'${text.replaceAll("'", `'\\''`)}'`).join(' ');
    // script(1) runs the command in a terminal.
    const runInTerminal = (variables: NodeJS.ProcessEnv) =>
      spawnSync('script', ['--quiet', '--return', '--command', quoted, '/dev/null'], { encoding: 'utf8', env: variables })
        .stdout.replaceAll('\r\n', '\n')
        .replaceAll('\x1b', 'ESC');
    const coloured = runInTerminal({ ...env, TERM: 'xterm' });
    expect(coloured).toMatch(/^\[\d\d:\d\d:\d\d\] ESC\[32mINFOESC\[39m: ESC\[36mapi: container\.exec succeeded web 12\.5 msESC\[39m\n/);
    expect(coloured).toContain('Error: no\u{fffd}[2J\n    second line\n');
    const plain = runInTerminal({ ...env, TERM: 'xterm', NO_COLOR: '1' });
    expect(plain).toMatch(/^\[.{8}\] INFO: api: container\.exec succeeded web 12\.5 ms\n\[.{8}\] ERROR: api: it failed\n {4}Error: no/);
    expect(plain).not.toContain('ESC');
  });
});
