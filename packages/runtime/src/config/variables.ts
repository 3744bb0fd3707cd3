import { hostname } from 'node:os';
import Joi from 'joi';
import { checkoutState } from '../state.ts';
import {
  bytes,
  flag,
  folder,
  integer,
  labelMap,
  nodeName,
  optionalInteger,
  originList,
  path,
  pathList,
  patternList,
  redisUrl,
  text,
  type Variable,
} from './kinds.ts';

/**
 * Every environment variable the apps read. The table in the README is checked against this one.
 * `SECRET_KEY`'s default is a key file of the checkout's own, see `secret-key.ts`.
 */
export const variables = {
  MAX_WORKERS: integer(10, { min: 1, max: 1000, unit: 'commands', about: 'podman commands a worker process runs at once' }),
  EXEC_SESSIONS: integer(32, {
    min: 0,
    max: 1000,
    unit: 'shells',
    about: 'how many shells a worker process keeps in containers that are used repeatedly; 0 for none',
  }),
  REQUEST_TIMEOUT: integer(30, { min: 1, max: 3600, unit: 'seconds', about: 'how long an HTTP call waits for its job' }),
  DEBUG: flag(false, { about: "debug log, and podman's own words in 500s" }),
  HOST: text('127.0.0.1', { allowed: 'a host name or an IP address', about: 'where the API listens', schema: Joi.string().hostname() }),
  PORT: integer(5000, { min: 0, max: 65_535, about: 'where the API listens; 0 lets the system choose' }),
  REDIS_URL: redisUrl({ kind: 'single', url: 'redis://127.0.0.1:6379' }, { about: 'where Redis is; unset, `npm start` runs its own' }),
  NODE_NAME: nodeName(hostname().toLowerCase(), { about: 'the name of the host whose podman is driven' }),
  NODE_LABELS: labelMap({ about: 'what `node_selector` may ask for of this host, as in `gpu=yes,zone=b`; unset, nothing' }),
  JOB_TIMEOUT: integer(600, { min: 1, max: 86_400, unit: 'seconds', about: 'how long a job may run, unless its body has a `timeout`' }),
  RESULT_TTL: integer(3600, { min: 1, max: 604_800, unit: 'seconds', about: "how long a job's result is kept" }),
  MAX_WAIT: integer(300, { min: 1, max: 86_400, unit: 'seconds', about: 'the longest wait that `Prefer: wait=` may ask for' }),
  SHUTDOWN_TIMEOUT: integer(30, { min: 0, max: 3600, unit: 'seconds', about: 'how long running jobs may take to end after SIGTERM' }),
  MAX_BODY: bytes(10 * 1024 ** 2, { about: 'the largest request body' }),
  MAX_QUEUE: integer(1000, { min: 1, max: 1_000_000, about: 'jobs that may wait in a queue of a node' }),
  MAX_QUEUE_BYTES: bytes(64 * 1024 ** 2, { about: 'how much Redis keeps of the large inputs (above 64 KiB) that wait on a node' }),
  MAX_OUTPUT: bytes(16 * 1024 ** 2, { about: "how much of a job's output is kept" }),
  OUTPUT_SPACE: bytes(256 * 1024 ** 2, { about: "how much Redis keeps of the outputs of a node's ended jobs; the oldest go first" }),
  SECRET_KEY: text(undefined, {
    allowed: 'at least 32 characters, the same for every API and worker process; or several such keys, parted by commas',
    about: 'seals secrets on their way through Redis; of several keys the first seals and all open',
    schema: Joi.string().pattern(/^[^,]{32,}(,[^,]{32,})*$/),
    secret: true,
  }),
  SECRET_KEY_FILE: path(undefined, {
    about: 'the same from a file, one key a line; unset, `secret.key` in `STATE_DIR`, which is made where there is none',
  }),
  API_TOKENS_FILE: path(undefined, { about: 'who may call the API, see below; unset, `tokens.json` in `STATE_DIR` if there is one' }),
  RATE_LIMIT: optionalInteger({ min: 1, max: 1_000_000, about: 'requests that a token may make in a minute; unset, no limit' }),
  AUDIT_LOG: path(undefined, { about: 'where changes are noted, one JSON line each; unset, `audit.log` in `STATE_DIR`' }),
  STATE_DIR: folder(checkoutState, { about: "what the project keeps on this host: Redis's data, the key, podman's settings" }),
  ALLOWED_IMAGES: patternList({ about: 'images that containers may be made of, as references are written; unset, all' }),
  ALLOWED_MOUNTS: pathList({ about: 'folders whose contents containers may mount; unset, none' }),
  ALLOWED_CAPABILITIES: patternList({ about: "what `cap_add` may name beside podman's default capabilities; unset, nothing" }),
  ALLOWED_NETWORKS: patternList({ about: "networks that a create has to choose from; unset, all but `host` and other containers'" }),
  ALLOWED_USERS: patternList({ about: 'users that an exec has to choose from; unset, all' }),
  CORS_ORIGINS: originList({ about: 'origins whose web pages may use the API, parted by commas; unset, none' }),
} satisfies Record<string, Variable<unknown>>;

/** The name of a variable. */
export type VariableName = keyof typeof variables;

/** The values of some variables, by name. */
export type Config<Name extends VariableName = VariableName> = {
  readonly [N in Name]: (typeof variables)[N] extends Variable<infer Value> ? Value : never;
};
