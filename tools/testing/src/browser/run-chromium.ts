import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { splice } from './splice.ts';

/*
 * Runs Chromium in the network namespace of this script, and connects it to the host by two Unix sockets, which all network
 * namespaces share. Arguments: the socket of the SOCKS proxy for Chromium's connections, the socket for the DevTools protocol, the
 * program and its arguments. Prints a line when Chromium accepts DevTools connections. Ends Chromium when stdin is closed, which
 * also happens if the parent dies.
 */

const [socksPath = '', devToolsPath = '', program = '', ...args] = process.argv.slice(2);

const proxyRelay = createServer(connection => splice(connection, connect(socksPath)));
proxyRelay.listen(0, '127.0.0.1');
await once(proxyRelay, 'listening');

const proxy = `--proxy-server=socks5://127.0.0.1:${portOf(proxyRelay)}`;
// Without this rule, Chromium connects to addresses of this host by itself.
const noExceptions = '--proxy-bypass-list=<-loopback>';
const chromium = spawn(program, [proxy, noExceptions, ...args], { stdio: ['ignore', 'inherit', 'pipe'] });
chromium.once('exit', code => process.exit(code ?? 1));
process.stdin.resume().once('end', () => chromium.kill());

const errors = createInterface(chromium.stderr);
errors.on('line', line => {
  const [, port] = /^DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line) ?? [];
  if (port === undefined) process.stderr.write(`${line}\n`);
  else createServer(connection => splice(connection, connect(Number(port), '127.0.0.1'))).listen(devToolsPath, () => console.log('ready'));
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
