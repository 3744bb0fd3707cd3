import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { findChromium } from '../chromium.ts';
import { testMarker } from '../marker.ts';
import { until } from '../poll.ts';
import { findProgram } from '../programs.ts';
import { createSocksServer } from './socks-server.ts';

const script = fileURLToPath(new URL('run-chromium.ts', import.meta.url));

/** A Chromium that several processes use at the same time. */
export interface SharedChromium {
  /** Opens a connection to its DevTools port. */
  connect(): Socket;
  /** Ends Chromium and removes its profile. */
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
    // Chromium does not run as root with its sandbox. It opens only pages of the tests.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-port=0'],
  });
  const [program = '', ...args] = [...createNetworkCommand(), process.execPath, script, socksPath, devToolsPath, chromium, ...flags];
  const runner = spawn(program, args, { env: { ...process.env, ...testMarker }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let errors = '';
  runner.stderr.setEncoding('utf8').on('data', text => {
    errors += text;
  });
  const stop = async () => {
    runner.stdin.end();
    // The helper processes exit later, and write into the folder until then.
    await until(() => !hasProcessWith(folder));
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
 * Returns the command that runs a program in a separate network namespace, which has the loopback interface only.
 * Chromium fails requests with `net::ERR_NETWORK_CHANGED` when an address of any interface comes or goes, as happens with
 * each container on a bridge network.
 * @returns an empty list if this user may not create namespaces; Chromium then uses the host's
 */
function createNetworkCommand(): readonly string[] {
  const ip = findProgram(['ip'], ['/usr/sbin', '/sbin']);
  if (ip === undefined) return [];
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const command = ['unshare', '--net', ...user, 'sh', '-c', `${ip} link set lo up && exec "$@"`, 'sh'];
  const [program = '', ...args] = command;
  return spawnSync(program, [...args, 'true']).status === 0 ? command : [];
}

/** Returns whether the program or an argument of any process contains a string. */
function hasProcessWith(text: string): boolean {
  return readdirSync('/proc').some(pid => /^\d+$/.test(pid) && readCommandLine(pid).includes(text));
}

/** Returns the command line of a process; empty if it has exited. */
function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
