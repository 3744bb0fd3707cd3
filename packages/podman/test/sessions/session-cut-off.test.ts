import type { StreamName } from '@podman-api/runtime';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ExecOptions } from '../../src/exec/exec-command.ts';
import { Session } from '../../src/sessions/session.ts';
import type { Shell, ShellEnd } from '../../src/sessions/shell.ts';

const id = 'ab'.repeat(32);
/** Error of podman 4.3 if a container was restarted before podman read the exit code of its exec. */
const podmanError = `Error: retrieving exec session ${id} exit code: exec died event for session ${id} (container ${id}) not found: unable to find event\n`;

/** Bytes that arrive from a shell after a request; `$nonce` is replaced by the command's nonce. */
type Line = readonly [StreamName, string];

const started: Line = ['stdout', '$nonce started\n'];

/** Runs a command in a session whose shell writes some lines and then exits, unless `end` is `undefined`. */
async function run(
  lines: readonly Line[],
  end: ShellEnd | undefined,
  hasContainerStopped: () => Promise<boolean>,
  first: readonly Line[] = [started],
  options: Pick<ExecOptions, 'signal' | 'stop'> = {},
) {
  const ended = Promise.withResolvers<ShellEnd>();
  const shell: Shell = {
    marker: 'PODMAN_API_SESSION=x',
    ended: ended.promise,
    listener: () => undefined,
    write(text) {
      const nonce = /pa_nonce='([^']+)'/.exec(text)?.[1] ?? '';
      for (const [stream, line] of [...first, ...lines]) {
        void shell.listener(stream, Buffer.from(line.replaceAll('$nonce', nonce)));
      }
      if (end) ended.resolve(end);
    },
    close: async () => undefined,
    kill() {
      ended.resolve({ exitCode: undefined });
      return true;
    },
  };
  const parts = {
    shell,
    containerId: id,
    workDir: '/',
    killShell: async () => undefined,
    isSameContainer: async () => true,
    hasContainerStopped,
  };
  const written = { stdout: '', stderr: '' };
  const outcome = await new Session(parts)
    .run(
      { container: 'box', argv: ['true'], environment: {} },
      {
        ...options,
        onOutput(stream, bytes) {
          written[stream] += Buffer.from(bytes).toString();
          return undefined;
        },
      },
    )
    .then(
      ({ exitCode }) => ({ exitCode }),
      (error: unknown) => ({ error }),
    );
  return { ...outcome, ...written };
}

const isStopped = async () => true;
const output: Line = ['stdout', 'out\n'];

describe('Session.run, if its shell ends under the command', () => {
  it.each([
    ['137', 137, []],
    ['255 and an error', 255, [['stderr', podmanError]]],
    ['255 and an error without its end', 255, [['stderr', podmanError.slice(0, -20)]]],
    [
      '255 and an error in two pieces',
      255,
      [
        ['stderr', podmanError.slice(0, 150)],
        ['stderr', podmanError.slice(150)],
      ],
    ],
  ] satisfies [string, number, Line[]][])(
    'returns 137 for a container that has ended, without the error of podman: %s',
    async (_, exitCode, lines) => {
      expect(await run([output, ...lines], { exitCode }, isStopped)).toEqual({ exitCode: 137, stdout: 'out\n', stderr: '' });
    },
  );

  it('keeps what the command itself has written before that', async () => {
    const result = await run([output, ['stderr', `Error: mine\n${podmanError}`]], { exitCode: 255 }, isStopped);
    expect(result).toEqual({ exitCode: 137, stdout: 'out\n', stderr: 'Error: mine\n' });
  });

  it.each([137, 255, undefined])('has an unknown outcome if the container still runs, or podman was killed: %s', async exitCode => {
    const hasContainerStopped = async () => exitCode === undefined;
    expect(await run([output], { exitCode }, hasContainerStopped)).toMatchObject({ error: { outcome: 'unknown' }, stdout: 'out\n' });
  });
});

describe('Session.run', () => {
  const end: readonly Line[] = [
    ['stdout', '$nonce 3\n'],
    ['stderr', '$nonce end\n'],
  ];

  it.each([
    ['at its end', [['stderr', podmanError], ...end]],
    ['in two pieces', [['stderr', podmanError.slice(0, 150)], ['stderr', podmanError.slice(150)], ...end]],
    [
      'in one piece with its end',
      [
        ['stderr', `${podmanError}$nonce end\n`],
        ['stdout', '$nonce 3\n'],
      ],
    ],
  ] satisfies [string, Line[]][])('passes on what looks like an error of podman if the command has written it %s', async (_, lines) => {
    expect(await run(lines, { exitCode: 137 }, isStopped)).toEqual({ exitCode: 3, stdout: '', stderr: podmanError });
  });

  it('returns that a command has not run whose process was killed before it started', async () => {
    const lines: readonly Line[] = [
      ['stdout', '$nonce 137\n'],
      ['stderr', '$nonce end\n'],
    ];
    expect(await run(lines, undefined, isStopped, [])).toEqual({ exitCode: undefined, stdout: '', stderr: '' });
  });

  it.each([
    ['has an unknown outcome if the container runs', false, { error: { outcome: 'unknown' } }],
    ['returns that the command has not run if the container is paused', true, { exitCode: undefined }],
  ])('kills a shell that does not answer, and podman if it does not end then, and %s', async (_case, isPaused, result) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const running = run([], undefined, async () => isPaused, []);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await running).toMatchObject(result);
  });

  it.each([
    ['the exit code of a command that had ended by itself', false, 3],
    ['no exit code of a command that was ended', true, null],
  ])('returns %s when its signal was aborted', async (_, wasStopped, exitCode) => {
    const controller = new AbortController();
    const options = { signal: controller.signal, stop: async () => wasStopped };
    // Its end is being read when the signal is aborted.
    const running = run([...end], undefined, isStopped, [started], options);
    controller.abort();
    expect(await running).toMatchObject({ exitCode });
  });

  it('passes it on in its order', async () => {
    const result = await run([['stderr', podmanError], ['stderr', 'more\n'], ...end], { exitCode: 137 }, isStopped);
    expect(result).toEqual({ exitCode: 3, stdout: '', stderr: `${podmanError}more\n` });
  });
});
