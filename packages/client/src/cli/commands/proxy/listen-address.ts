import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';

/** Where the proxy listens; port 0 lets the system choose. */
export type ListenAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** An address, and what has to be done when the proxy stops. */
export interface ChosenAddress {
  readonly address: ListenAddress;
  remove(): void;
}

/**
 * Reads the value of `--listen`. Without it, the proxy listens on a socket in a new folder that only this user can enter.
 * @throws UsageError if it cannot be read, or other machines could reach it
 */
export function chooseAddress(text: string | undefined): ChosenAddress {
  if (text === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'podman-api-proxy-'));
    return { address: { path: join(folder, 'docker.sock') }, remove: () => rmSync(folder, { recursive: true, force: true }) };
  }
  const [, path] = /^unix:\/\/(\/.+)$/.exec(text) ?? [];
  if (path !== undefined) return { address: { path }, remove() {} };
  const [, host, port] = /^tcp:\/\/(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535) {
    throw new UsageError(
      `--listen must be unix:///path/to/socket or an address of this machine such as tcp://127.0.0.1:2375, but is "${text}": the proxy adds your token to all requests.`,
    );
  }
  return { address: { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }, remove() {} };
}
