import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../child.ts';
import { findRegistry } from './programs.ts';

export { type RegistryGate, startRegistryGate } from './gate.ts';

/** An image registry on a free port of loopback. */
export interface TestRegistry {
  /** Host and port, the first part of its images' references. */
  readonly host: string;
  /** Returns its log: a line for each request. */
  log(): string;
  stop(): Promise<void>;
}

/** Login at a registry that was started with `isProtected`. */
export const registryLogin = { username: 'ci', password: 'correct-password-4be1' } as const;
/** bcrypt of the password, as `htpasswd -B` writes it. */
const passwordHash = '$2y$04$abcdefghijklmnopqrstuuBCBZ/1n3YTAv703Efl5hm8rxEfXKo6W';

/** Starts a registry without TLS, whose images and settings are gone when it is stopped. */
export async function startRegistry({ isProtected = false } = {}): Promise<TestRegistry> {
  const program = findRegistry();
  if (program === undefined) throw new Error('docker-registry is not installed: "npm test" downloads it on Debian');
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-registry-'));
  const [config, passwords] = [join(folder, 'config.json'), join(folder, 'htpasswd')];
  writeFileSync(passwords, `${registryLogin.username}:${passwordHash}\n`);
  // JSON is YAML.
  const settings = {
    version: '0.1',
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: '127.0.0.1:0' },
    ...(isProtected && { auth: { htpasswd: { realm: 'test', path: passwords } } }),
  };
  writeFileSync(config, JSON.stringify(settings));
  const server = startChild(program, ['serve', config]);
  await server.waitForOutput('listening on');
  const [, host = ''] = /listening on (127\.0\.0\.1:\d+)/.exec(server.output()) ?? [];
  return {
    host,
    log: server.output,
    async stop() {
      await server.end();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Writes a registries.conf that lets podman use registries without TLS, containers-registries.conf(5).
 * @returns the variable that makes podman read it
 */
export function trustRegistries(path: string, hosts: readonly string[]): { CONTAINERS_REGISTRIES_CONF: string } {
  writeFileSync(path, hosts.map(host => `[[registry]]\nlocation = "${host}"\ninsecure = true\n`).join(''));
  return { CONTAINERS_REGISTRIES_CONF: path };
}
