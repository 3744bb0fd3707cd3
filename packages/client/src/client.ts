import { createHttpClient } from './http/http-client.ts';
import { createContainersApi } from './routes/containers.ts';
import { createEventsApi } from './routes/events.ts';
import { createFilesApi } from './routes/files.ts';
import { createImagesApi } from './routes/images.ts';
import { createJobsApi } from './routes/jobs.ts';
import { createNetworksApi } from './routes/networks.ts';
import { createNodesApi } from './routes/nodes.ts';
import { createPoolsApi } from './routes/pools.ts';
import { createRunsApi } from './routes/runs.ts';
import { createTokensApi } from './routes/tokens.ts';
import { createVolumesApi } from './routes/volumes.ts';
import { type ClientOptions, type Environment, resolveSettings } from './settings.ts';
import { openTerminal, type Terminal, type TerminalOptions } from './terminals/open-terminal.ts';

/** Calls of the API as typed functions. */
export type Client = ReturnType<typeof createClient>;

/**
 * Creates a client of podman-api. Calls wait for their jobs. A call that changes something carries an Idempotency-Key, so
 * that retries never run it twice.
 * @param env variables for options that are `undefined`
 * @throws RangeError that names the variable of the wrong option
 */
export function createClient(options: ClientOptions = {}, env: Environment = process.env) {
  const http = createHttpClient(resolveSettings(options, env));
  return {
    containers: createContainersApi(http),
    events: createEventsApi(http),
    files: createFilesApi(http),
    images: createImagesApi(http),
    jobs: createJobsApi(http),
    nodes: createNodesApi(http),
    networks: createNetworksApi(http),
    pools: createPoolsApi(http),
    runs: createRunsApi(http),
    terminals: {
      /** Opens a terminal in a running container. */
      open: (name: string, options: TerminalOptions): Promise<Terminal> => openTerminal(http, name, options),
    },
    tokens: createTokensApi(http),
    volumes: createVolumesApi(http),
  };
}
