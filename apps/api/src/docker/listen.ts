import { ConfigError, type ListenAddress } from '@podman-api/runtime';
import { type Listening, listen } from '../listen.ts';
import { isLoopback } from '../loopback.ts';
import type { AppParts } from '../parts.ts';
import { createDockerApp } from './app.ts';
import { acceptUpgrades } from './hijack.ts';

/**
 * Starts the Docker-compatible API.
 * @throws ConfigError if the address cannot be listened on, or is not a loopback address and there are no tokens
 */
export async function listenForDocker(parts: AppParts, address: ListenAddress): Promise<Listening> {
  const isSocket = 'path' in address;
  const text = isSocket ? `unix://${address.path}` : `tcp://${address.host}:${address.port}`;
  const isLocal = isSocket || isLoopback(address.host.includes(':') ? `[${address.host}]` : address.host);
  if (!isLocal && !parts.tokens.isRequired) {
    throw new ConfigError(
      `DOCKER_LISTEN="${text}" is not a loopback address: create a token first ("npm run token"), or listen on 127.0.0.1 or a unix socket.`,
    );
  }
  const handle = createDockerApp(parts, { isSocket, ryukHost: isSocket ? '127.0.0.1' : isLocal ? address.host : undefined }).callback();
  return listen(handle, address, `DOCKER_LISTEN="${text}"`, { route: acceptUpgrades });
}
