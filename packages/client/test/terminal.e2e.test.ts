import { sharedContainer, sharedService, startChild, until } from '@podman-api/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../src/index.ts';
import { createCommandLine, programPath } from './command-line.ts';
import { processesOf, uniqueSleep } from './processes.ts';

let name: string;
beforeAll(() => {
  name = sharedContainer('busybox');
});

/** Starts a line of shell in a pseudo-terminal, script(1); what is written to its stdin are keys. */
function startInTerminal(line: string) {
  const env = { PODMAN_API_URL: sharedService().url, PATH: programPath, SHELL: '/bin/sh' };
  const child = startChild('script', ['--quiet', '--return', '--command', line, '/dev/null'], env, true);
  return { ...child, type: (keys: string) => child.process.stdin?.write(keys) };
}

describe('exec -it', () => {
  // Steps: the size, a new size, Ctrl-C, the exit code, and the state of the terminal afterwards.
  it('is a terminal in the container, and restores the own one', async () => {
    const sleep = uniqueSleep();
    const { output, type, ended, waitForOutput } = startInTerminal(
      `stty cols 101 rows 31; echo "tty=$(tty)."; podman-api exec -it -e 'WORD=caf\u00e9 "x"' ${name} sh; echo "code=$?."; stty -a`,
    );
    await until(() => output().includes('# '));
    // Keys and sizes reach the container independently, so a command may still see the old size.
    const awaitSize = (size: string) =>
      until(() => {
        type('echo "$WORD."; stty size\r');
        return output().includes(size);
      });
    await awaitSize('31 101');
    expect(output()).toContain('caf\u00e9 "x".');
    const [, tty = ''] = /tty=(\S+)\./.exec(output()) ?? [];
    await startChild('stty', ['-F', tty, 'cols', '77', 'rows', '17'], { PATH: programPath }).ended;
    await awaitSize('17 77');
    type(`${sleep}; echo interrupted-$((40+2))\r`);
    await until(() => processesOf(sleep).length > 0);
    type('\x03');
    await until(() => processesOf(sleep).length === 0);
    type('exit 9\r');
    await waitForOutput('code=9.');
    expect(await ended).toBe(0);
    const state = output().slice(output().indexOf('code=9.'));
    expect(state).toMatch(/[^-]icanon/);
    expect(state).toMatch(/ echo /);
  });

  it('exits with 125 without a terminal, and with 241 if there is no such container', async () => {
    const podmanApi = createCommandLine(sharedService().url);
    expect(await podmanApi.run('exec', '-it', name, 'sh')).toMatchObject({
      code: 125,
      stderr: expect.stringContaining('-t needs a terminal'),
    });
    const { output, ended } = startInTerminal('podman-api exec -it no-such-container sh; echo "code=$?."');
    await ended;
    expect(output()).toContain('code=241.');
    expect(output()).toContain('There is no container no-such-container');
  });
});

describe('the confirmation of a removal', () => {
  it('takes the end of the input (Ctrl-D) as no', async () => {
    const { output, type, ended, waitForOutput } = startInTerminal('podman-api volume prune; echo "code=$?."');
    await waitForOutput('[y/N] ');
    type('\x04');
    await waitForOutput('code=0.');
    expect(await ended).toBe(0);
    expect(output()).not.toContain('podman-api:');
  });
});

describe('terminals.open', () => {
  it('keeps stdout and stderr apart, and returns the exit code', async () => {
    const client = createClient({ url: sharedService().url });
    const written = { stdout: '', stderr: '' };
    const terminal = await client.terminals.open(name, {
      command: 'cat; echo done >&2; exit 3',
      tty: false,
      onOutput(stream, bytes) {
        written[stream] += Buffer.from(bytes).toString();
      },
    });
    terminal.write('one\n');
    terminal.endStdin();
    expect(await terminal.exitCode).toBe(3);
    expect(written).toEqual({ stdout: 'one\n', stderr: 'done\n' });
  });

  it('rejects with the reason of a refusal', async () => {
    const client = createClient({ url: sharedService().url });
    await expect(client.terminals.open(name, { cols: 0, onOutput() {} })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('cols'),
    });
  });
});
