import { createHttp } from './http/http.ts';
import { containersOf } from './routes/containers.ts';
import { jobsOf } from './routes/jobs.ts';
import { nodesOf } from './routes/nodes.ts';
import { type ClientOptions, settle } from './settings.ts';

/** The API, as functions. */
export type Client = ReturnType<typeof createClient>;

/**
 * A client of podman-api. Calls wait for their jobs; calls that change something carry an Idempotency-Key, and are sent
 * again while the API is away, which never runs anything twice.
 * @param env what the options leave open is taken from
 * @throws RangeError where an option is wrong
 */
export function createClient(options: ClientOptions = {}, env: Readonly<Record<string, string | undefined>> = process.env) {
  const http = createHttp(settle(options, env));
  return { containers: containersOf(http), jobs: jobsOf(http), nodes: nodesOf(http) };
}
