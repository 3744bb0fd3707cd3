import { describe, expect, it } from 'vitest';
import { kill } from '../src/container/kill/index.ts';
import { pause } from '../src/container/pause/index.ts';
import { restart } from '../src/container/restart/index.ts';
import { unpause } from '../src/container/unpause/index.ts';
import { validateInput } from '../src/index.ts';
import { callsOf } from './recording-podman.ts';

const argsOf = (calls: readonly { readonly args: readonly string[] }[]) => calls.map(({ args }) => args);

describe('container.kill', () => {
  it.each([
    [undefined, 'SIGKILL'],
    ['SIGTERM', 'SIGTERM'],
    ['hup', 'SIGHUP'],
    [9, 'SIGKILL'],
    ['15', 'SIGTERM'],
    ['SIGRTMIN+3', 'SIGRTMIN+3'],
    ['rtmax-14', 'SIGRTMAX-14'],
  ])('sends %j as %s', async (signal, sent) => {
    const input = validateInput(kill, { name: 'web', ...(signal !== undefined && { signal }) });
    expect(argsOf(await callsOf(kill, input))).toEqual([['kill', `--signal=${sent}`, '--', 'web']]);
  });

  it.each([[0], [65], [-9], [1.5], ['SIG'], ['TERM --all'], ['constructor'], ['SIGRTMIN+16'], [true], [['SIGTERM']], [null]])(
    'returns 400 for the signal %j',
    signal => {
      expect(() => validateInput(kill, { name: 'web', signal })).toThrow(
        expect.objectContaining({
          status: 400,
          fields: { details: [{ path: 'signal', message: expect.stringContaining('such as SIGTERM') }] },
        }),
      );
    },
  );
});

describe('container.restart', () => {
  it.each([
    [{ name: 'web' }, 10],
    [{ name: 'web', timeout: 0 }, 0],
  ])('runs podman restart for %j', async (input, seconds) => {
    expect(argsOf(await callsOf(restart, input))).toEqual([['restart', `--time=${seconds}`, '--', 'web']]);
  });
});

describe('container.pause and container.unpause', () => {
  it('run podman pause and podman unpause', async () => {
    expect(argsOf(await callsOf(pause, { name: 'web' }))).toEqual([['pause', '--', 'web']]);
    expect(argsOf(await callsOf(unpause, { name: 'web' }))).toEqual([['unpause', '--', 'web']]);
  });
});
