import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Shell, startShell } from '../../src/sessions/shell.ts';
import type { SendSignal } from '../../src/signals/send-signal.ts';

/** Starts a shell with a program in place of podman. @param closeTimeoutMs default: the program gets any time to end */
function startWith(program: string, send: SendSignal, closeTimeoutMs = 600_000): Shell {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-shell-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const binary = join(folder, 'podman');
  writeFileSync(binary, `#!/bin/sh\n${program}\n`);
  chmodSync(binary, 0o755);
  const host = { binary, env: { PATH: process.env['PATH'] ?? '' }, cwd: undefined, onCommand: undefined };
  const shell = startShell({ host, send, closeTimeoutMs }, 'a'.repeat(64), undefined, 'one');
  onTestFinished(() => void shell.kill('SIGKILL'));
  return shell;
}

describe('Shell.close', () => {
  it('resolves when podman has ended after the end of its stdin, and sends no signal', async () => {
    const signals: string[] = [];
    const shell = startWith('exec cat >/dev/null', async signal => {
      signals.push(signal);
      return 0;
    });
    await shell.close();
    expect(signals).toEqual([]);
    expect(await shell.ended).toEqual({ exitCode: 0 });
  });

  // Podman that is killed does not end the stdin of the shell, which would stay in the container.
  it('kills the shell in the container before it kills a podman that does not end', async () => {
    const events: string[] = [];
    const isKilled = Promise.withResolvers<number>();
    const sent = Promise.withResolvers<void>();
    const shell = startWith(
      'exec sleep 600',
      (signal, container, mark) => {
        events.push(`${signal} ${container.id?.slice(0, 2)} ${mark}`);
        sent.resolve();
        return isKilled.promise;
      },
      100,
    );
    void shell.ended.then(() => events.push('podman ended'));
    const closing = shell.close().then(() => events.push('closed'));
    await sent.promise;
    isKilled.resolve(1);
    await closing;
    expect(events).toEqual(['SIGKILL aa PODMAN_API_SESSION=one', 'podman ended', 'closed']);
  });

  it('closes once, however often it is called', async () => {
    const shell = startWith('exec cat >/dev/null', async () => 0);
    expect(shell.close()).toBe(shell.close());
    await shell.close();
  });
});
