import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild, until } from '@podman-api/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

const signalsModule = fileURLToPath(new URL('../src/signals.ts', import.meta.url));

/** A process that takes forever to stop. */
function startSlowProcess() {
  const script = `
    const { stopOnSignal } = await import(${JSON.stringify(signalsModule)});
    stopOnSignal({ info: (_fields, text) => console.log(text) }, () => new Promise(() => {}));
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => console.log('survived', signal));
    setInterval(() => {}, 1000);
    console.log('ready');`;
  return startChild(process.execPath, ['--input-type=module', '--eval', script]);
}

describe('stopOnSignal', () => {
  it('ignores copies of a signal that arrive together, and exits on a later signal', async () => {
    const child = startSlowProcess();
    await child.waitForOutput('ready');
    // Like Ctrl-C under npm: the process gets the signal from the terminal, and again from npm.
    child.process.kill('SIGINT');
    child.process.kill('SIGTERM');
    await child.waitForOutput('survived SIGINT');
    await child.waitForOutput('survived SIGTERM');
    while (child.process.exitCode === null) {
      child.process.kill('SIGTERM');
      await delay(100);
    }
    expect(await child.ended).toBe(143);
  });
});

describe('runApp', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('exits with 0 on %s while the app is starting', async signal => {
    const module = fileURLToPath(new URL('../src/run-app.ts', import.meta.url));
    const script = `
      const { runApp } = await import(${JSON.stringify(module)});
      await runApp(async () => {
        console.log('starting');
        await new Promise(resolve => setTimeout(resolve, 600_000));
      });`;
    const child = startChild(process.execPath, ['--input-type=module', '--eval', script]);
    await child.waitForOutput('starting');
    expect(await child.end(signal)).toBe(0);
  });

  it('stops the app on a signal that came while it was starting without a pause', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'podman-api-signals-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const gate = join(folder, 'sent');
    const runAppModule = fileURLToPath(new URL('../src/run-app.ts', import.meta.url));
    const script = `
      const { runApp } = await import(${JSON.stringify(runAppModule)});
      const { stopOnSignal } = await import(${JSON.stringify(signalsModule)});
      const { existsSync, writeSync } = await import('node:fs');
      await runApp(async () => {
        writeSync(1, 'starting');
        while (!existsSync(${JSON.stringify(gate)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
        stopOnSignal({ info: () => {} }, async () => writeSync(1, 'stopped'));
      });
      setInterval(() => {}, 1000);`;
    const child = startChild(process.execPath, ['--input-type=module', '--eval', script]);
    await child.waitForOutput('starting');
    child.process.kill('SIGTERM');
    writeFileSync(gate, '');
    expect(await child.ended).toBe(0);
    expect(child.output()).toBe('startingstopped');
  });
});

describe('a script of npm', () => {
  it('stops if npm had exited before the script could see it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'podman-api-signals-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [program, stopped] = [join(folder, 'script.mjs'), join(folder, 'stopped')];
    writeFileSync(
      program,
      `import { writeFileSync } from 'node:fs';
      while (process.ppid === Number(process.argv[2])) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      const { stopOnSignal } = await import(${JSON.stringify(signalsModule)});
      stopOnSignal({ info() {} }, async () => writeFileSync(${JSON.stringify(stopped)}, ''));
      setInterval(() => {}, 1000);`,
    );
    // The shell exits at once, like npm on a signal that it does not handle yet.
    startChild('sh', ['-c', '"$1" "$2" "$$" &', 'sh', process.execPath, program], { npm_lifecycle_event: 'start' });
    await until(() => existsSync(stopped));
  });
});
