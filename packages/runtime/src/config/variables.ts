import { hostname } from 'node:os';
import Joi from 'joi';
import { defaultStateDir } from '../state.ts';
import {
  bytes,
  flag,
  folder,
  hostList,
  integer,
  labelMap,
  listenAddress,
  nodeName,
  optionalInteger,
  originList,
  path,
  pathList,
  patternList,
  redisUrl,
  text,
  type Variable,
} from './variable-types.ts';

/**
 * All environment variables of the apps. test/configuration-docs.test.ts compares them with docs/configuration.md. The default of
 * `SECRET_KEY` is a key file in the state folder; see `secret-key.ts`.
 */
export const variables = {
  MAX_WORKERS: integer(10, { min: 1, max: 1000, unit: 'commands', description: 'podman commands that a worker process runs at once' }),
  EXEC_SESSIONS: integer(32, {
    min: 0,
    max: 1000,
    unit: 'sessions',
    description: 'shells that a worker process keeps in containers that are used repeatedly; 0 turns exec sessions off',
  }),
  REQUEST_TIMEOUT: integer(30, { min: 1, max: 3600, unit: 'seconds', description: 'time that an HTTP request waits for its job' }),
  DEBUG: flag(false, { description: "writes debug log lines, and adds podman's full error message to 500 responses" }),
  HOST: text('127.0.0.1', {
    type: 'host name or IP address',
    allowed: 'a host name or an IP address',
    description: 'address that the API listens on; any address other than loopback requires a token',
    schema: Joi.string().hostname(),
  }),
  PORT: integer(5000, { min: 0, max: 65_535, description: 'port that the API listens on; 0 lets the system choose' }),
  DOCKER_LISTEN: listenAddress({
    description:
      'address of the Docker-compatible API, such as `unix:///run/podman-api/docker.sock` or `tcp://127.0.0.1:2375`; if it is unset, that API is off',
  }),
  REDIS_URL: redisUrl(
    { kind: 'single', url: 'redis://127.0.0.1:6379' },
    { description: 'address of Redis; if it is unset, `npm start` runs its own Redis' },
  ),
  NODE_NAME: nodeName(hostname().toLowerCase(), { description: 'name of this host in the fleet' }),
  NODE_LABELS: labelMap({ description: 'labels of this host for `node_selector`, such as `gpu=yes,zone=b`' }),
  JOB_TIMEOUT: integer(600, {
    min: 1,
    max: 86_400,
    unit: 'seconds',
    description: 'time limit of a job, unless the request has a `timeout`',
  }),
  RESULT_TTL: integer(3600, { min: 1, max: 604_800, unit: 'seconds', description: 'time for which the result of a finished job is kept' }),
  MAX_WAIT: integer(300, {
    min: 1,
    max: 86_400,
    unit: 'seconds',
    description: 'longest wait that a request can set with `Prefer: wait=`',
  }),
  SHUTDOWN_TIMEOUT: integer(30, {
    min: 0,
    max: 3600,
    unit: 'seconds',
    description: 'time for running jobs to finish after SIGTERM',
  }),
  MAX_BODY: bytes(10 * 1024 ** 2, { description: 'largest request body' }),
  MAX_UPLOAD: bytes(2 * 1024 ** 3, { description: 'largest upload of a file, directory, image or build context' }),
  MAX_QUEUE: integer(1000, {
    min: 1,
    max: 1_000_000,
    unit: 'jobs',
    description: 'jobs that can wait in each queue of a node; more get a 503',
  }),
  MAX_QUEUE_BYTES: bytes(64 * 1024 ** 2, { description: 'total size of the inputs above 64 KiB that can wait on a node' }),
  MAX_OUTPUT: bytes(16 * 1024 ** 2, {
    description: 'output that is kept for each job; the rest is dropped, and the job is marked `truncated`',
  }),
  OUTPUT_SPACE: bytes(256 * 1024 ** 2, {
    description: 'output that Redis keeps for all finished jobs of a node together; the oldest is deleted first',
  }),
  SECRET_KEY: text(undefined, {
    type: 'keys, separated by commas',
    allowed: 'at least 32 characters, the same for every API and worker process; or several such keys, separated by commas',
    description: 'encrypts secrets in Redis and signs jobs; of several keys, the first encrypts and all decrypt',
    schema: Joi.string().pattern(/^[^,]{32,}(,[^,]{32,})*$/),
    isSecret: true,
  }),
  SECRET_KEY_FILE: path(undefined, {
    description:
      'file with the keys, one per line, if `SECRET_KEY` is unset; if both are unset, `secret.key` in `STATE_DIR`, which is created',
  }),
  CALLBACK_HOSTS: hostList({
    description: 'hosts that `callback_url` can name; none if it is unset',
  }),
  CALLBACK_SECRET: text(undefined, {
    type: 'secrets, separated by commas',
    allowed: 'at least 32 characters, the same for every API process; or several such secrets, separated by commas',
    description: 'signs callbacks; of several secrets, each makes a signature',
    schema: Joi.string().pattern(/^[^,]{32,}(,[^,]{32,})*$/),
    isSecret: true,
  }),
  CALLBACK_SECRET_FILE: path(undefined, {
    description:
      'file with the secrets, one per line, if `CALLBACK_SECRET` is unset; if both are unset, `callback.secret` in `STATE_DIR`, which is created',
  }),
  API_TOKENS_FILE: path(undefined, {
    description: 'file with the hashes of the API tokens; if it is unset, `tokens.json` in `STATE_DIR`',
  }),
  RATE_LIMIT: optionalInteger({
    min: 1,
    max: 1_000_000,
    unit: 'requests per minute',
    description: 'requests that each token can make; unlimited if it is unset',
  }),
  AUDIT_LOG: path(undefined, { description: 'file to which every change is appended; if it is unset, `audit.log` in `STATE_DIR`' }),
  STATE_DIR: folder(defaultStateDir, {
    description: "directory for the service's data on this host: keys, tokens, ledger, podman's settings, Redis's data",
  }),
  ALLOWED_IMAGES: patternList({
    description: 'images that can be used, pulled, pushed and tagged; all but those of private registries if it is unset',
  }),
  ALLOWED_MOUNTS: pathList({ description: 'directories of the host that containers can mount, with their contents; none if it is unset' }),
  ALLOWED_CAPABILITIES: patternList({
    description: "capabilities that `cap_add` can name; only podman's default capabilities if it is unset",
  }),
  ALLOWED_NETWORKS: patternList({
    description:
      "networks that a create must choose from, and that can be created, changed and removed; all but `host` and other containers' networks if it is unset",
  }),
  ALLOWED_USERS: patternList({ description: 'users that an exec must choose from; all if it is unset' }),
  ALLOWED_RUNTIMES: patternList({ description: "OCI runtimes that a create can name; only podman's default one runs if it is unset" }),
  CORS_ORIGINS: originList({ description: 'origins whose web pages can use the API; none if it is unset' }),
} satisfies Record<string, Variable<unknown>>;

/** Name of a variable. */
export type VariableName = keyof typeof variables;

/** Values of some variables, by name. */
export type Config<Name extends VariableName = VariableName> = {
  readonly [N in Name]: (typeof variables)[N] extends Variable<infer Value> ? Value : never;
};
