import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { findChromium } from '../chromium.ts';
import { testMark } from '../mark.ts';
import { until } from '../poll.ts';
import { findProgram } from '../programs.ts';
import { createSocksServer } from './socks-server.ts';

const script = fileURLToPath(new URL('run-chromium.ts', import.meta.url));

/** A Chromium that several processes drive at the same time. */
export interface SharedChromium {
  /** Opens a connection to its DevTools port. */
  connect(): Socket;
  stop(): Promise<void>;
}

/** Starts Chromium without a window. @throws Error if there is none, or it cannot start */
export async function startChromium(): Promise<SharedChromium> {
  const chromium = findChromium();
  if (chromium === undefined) throw new Error('Chromium is not installed: "npm test" installs it on Debian');
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-browser-'));
  const [socksPath, devToolsPath] = [join(folder, 'socks'), join(folder, 'devtools')];
  const socks = createSocksServer().listen(socksPath);
  await once(socks, 'listening');
  const flags = await puppeteer.defaultArgs({
    headless: true,
    userDataDir: join(folder, 'profile'),
    // Chromium does not run as root otherwise, and it opens only pages of the tests.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-port=0'],
  });
  const [program = '', ...args] = [...ownNetwork(), process.execPath, script, socksPath, devToolsPath, chromium, ...flags];
  const runner = spawn(program, args, { env: { ...process.env, ...testMark }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let errors = '';
  runner.stderr.setEncoding('utf8').on('data', text => {
    errors += text;
  });
  const stop = async () => {
    runner.stdin.end();
    // Its helpers end after it, and write into the folder until then.
    await until(() => !isProcessWith(folder));
    socks.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const isReady = await Promise.race([once(runner.stdout, 'data').then(() => true), once(runner, 'exit').then(() => false)]);
  if (!isReady) {
    await stop();
    throw new Error(`Chromium did not start:\n${errors}`);
  }
  return { connect: () => connect(devToolsPath), stop };
}

/**
 * Returns the command that runs a program in a network namespace of its own, which has the loopback interface only.
 * Chromium fails requests with `net::ERR_NETWORK_CHANGED` when an address of any interface comes or goes, as happens with
 * each container on a bridge network.
 * @returns no words if this user may not create namespaces; Chromium then uses the host's
 */
function ownNetwork(): readonly string[] {
  const ip = findProgram(['ip'], ['/usr/sbin', '/sbin']);
  if (ip === undefined) return [];
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const command = ['unshare', '--net', ...user, 'sh', '-c', `${ip} link set lo up && exec "$@"`, 'sh'];
  const [program = '', ...args] = command;
  return spawnSync(program, [...args, 'true']).status === 0 ? command : [];
}

/** Whether a process runs whose program or arguments hold a text. */
function isProcessWith(text: string): boolean {
  return readdirSync('/proc').some(pid => /^\d+$/.test(pid) && commandOf(pid).includes(text));
}

/** A process may end while it is looked at. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
