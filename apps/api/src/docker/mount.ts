import type { IncomingMessage, RequestListener } from 'node:http';
import type { Upgrades } from '../listen.ts';
import type { AppParts } from '../parts.ts';
import { handleWebSocketUpgrade, isWebSocketRequest } from '../web-sockets.ts';
import { handleUpgrade } from './hijack.ts';

/** Prefix of the Docker-compatible API on the address of the REST API, which `podman-api proxy` uses. */
const prefix = '/docker';

/**
 * Serves the Docker-compatible API below a prefix. Its modules are loaded with the first request.
 * @param handleOthers handles the requests with another path
 */
export function mountDocker(
  parts: AppParts,
  handleOthers: RequestListener,
): { readonly handle: RequestListener; readonly upgrades: Upgrades } {
  let docker: ReturnType<typeof loadDocker> | undefined;
  const handleDocker: RequestListener = async (request, response) => {
    request.url = request.url?.slice(prefix.length) ?? '/';
    docker ??= loadDocker(parts);
    (await docker)(request, response);
  };
  return {
    handle: (request, response) => (isDocker(request) ? handleDocker : handleOthers)(request, response),
    upgrades: {
      isUpgrade: request => isDocker(request) || isWebSocketRequest(request),
      route(server) {
        server.on('upgrade', (request, socket, head) => {
          if (isDocker(request)) handleUpgrade(request, socket, head, (...both) => void server.emit('request', ...both));
          else handleWebSocketUpgrade(server, request, socket, head);
        });
      },
    },
  };
}

async function loadDocker(parts: AppParts): Promise<RequestListener> {
  const { createDockerApp } = await import('./app.ts');
  return createDockerApp(parts, {}).callback();
}

function isDocker({ url }: IncomingMessage): boolean {
  return url?.startsWith(`${prefix}/`) ?? false;
}
