import { name, path } from './pattern.ts';

/** The flags of every create. */
export const commonCreateFlags = { name, label: /^[^=\0\r\n]+=[^\0]*$/, 'http-proxy': /^false$/ } as const;

/** For each option of a create: podman's flag for it, and a pattern of its values. */
export const createFlags = {
  ports: ['publish', /^((\d+\.){3}\d+:|\[[0-9a-fA-F:.]+\]:)?((\d{1,5}(-\d{1,5})?)?:)?\d{1,5}(-\d{1,5})?\/(tcp|udp|sctp)$/],
  volumes: ['volume', /^(\/[^:,\0\n]*|(\/[^:,\0\n]*|[a-zA-Z0-9][a-zA-Z0-9_.-]*):\/[^:,\0\n]*:(ro|rw)(,[zZ])?)$/],
  user: ['user', /^[a-zA-Z0-9_][\w.$-]*(:[a-zA-Z0-9_][\w.$-]*)?$/],
  entrypoint: ['entrypoint', /^(\[("[^\0]*")?\])?$/],
  work_dir: ['workdir', path],
  labels: ['label', commonCreateFlags.label],
  hostname: ['hostname', /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}$/],
  // Without ALLOWED_NETWORKS, the policy refuses these two.
  network: ['network', /^(?!host$|container:)[a-zA-Z0-9][a-zA-Z0-9_.-]*$/],
  restart_policy: ['restart', /^(no|always|unless-stopped|on-failure(:\d+)?)$/],
  memory: ['memory', /^\d+$/],
  cpus: ['cpus', /^\d+(\.\d+)?$/],
  pids_limit: ['pids-limit', /^(-1|\d+)$/],
  cap_add: ['cap-add', /^[A-Z_]+$/],
  cap_drop: ['cap-drop', /^[A-Z_]+$/],
  read_only: ['read-only', /^(true|false)$/],
  tmpfs: ['tmpfs', /^\/[^:,\0]*(:[a-zA-Z0-9=,%_-]*)?$/],
  init: ['init', /^(true|false)$/],
  pull_policy: ['pull', /^(missing|always|never)$/],
  shm_size: ['shm-size', /^\d+$/],
  ulimits: ['ulimit', /^(core|cpu|data|fsize|locks|memlock|msgqueue|nofile|nproc|rss|sigpending|stack)=(-1|\d+):(-1|\d+)$/],
  stop_signal: ['stop-signal', /^SIG[A-Z0-9]+([+-]\d+)?$/],
  extra_hosts: ['add-host', /^\w([\w.-]*\w)?:([0-9a-fA-F:.]+|host-gateway)$/],
  dns: ['dns', /^[0-9a-fA-F:.]+$/],
  platform: ['platform', /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9_.]+)?$/],
  // The ALLOWED_RUNTIMES of the tests.
  runtime: ['runtime', /^(crun|constructor)$/],
} as const satisfies Readonly<Record<string, readonly [string, RegExp]>>;

export const wholeSeconds = /^\d{1,5}s$/;
/** The flags of a create's `healthcheck`, one option of several flags. */
export const healthFlags = {
  'health-cmd': /^(\["[^\0]*"\]|CMD [^\s\0]+)$/,
  'health-interval': wholeSeconds,
  'health-timeout': wholeSeconds,
  'health-retries': /^\d{1,4}$/,
  'health-start-period': wholeSeconds,
  'no-healthcheck': null,
} as const;

/** The marker of a job's processes, or the name of a variable without its value, which no argument may contain. */
export const environmentName = /^(PODMAN_API_JOB=[\w.-]+|PODMAN_API_START=[0-9a-f]{32}|[A-Za-z_][A-Za-z0-9_.-]*)$/;
/** The flags of a command with variables. */
export const environment = { env: environmentName, 'env-file': /^\/proc\/self\/fd\/3$/ } as const;

/** The flags of `podman run` and `podman create`, except `--detach`. */
export const allCreateFlags = {
  ...commonCreateFlags,
  ...environment,
  ...healthFlags,
  ...Object.fromEntries(Object.values(createFlags)),
};
