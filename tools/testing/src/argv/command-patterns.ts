/** The pattern of one podman command line. */
export interface CommandPattern {
  /** The first arguments: podman's command. */
  readonly command: readonly string[];
  /** The allowed flags with a pattern of their values; `null` for a flag without a value. */
  readonly flags: Readonly<Record<string, RegExp | null>>;
  /** Patterns of the first arguments after `--`, and whether any others may follow. `undefined` if there is no `--`. */
  readonly positionals?: { readonly first: readonly RegExp[]; readonly hasMore: boolean };
}

const name = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const path = /^\/[^\0]*$/;
const anything = /^[^\0]*$/;
const one = { first: [name], hasMore: false } as const;
const topColumns = [/^pid$/, /^ppid$/, /^user$/, /^state$/, /^pcpu$/, /^etime$/, /^rss$/, /^args$/];
const seconds = /^\d{1,4}$/;
const time = /^[0-9][0-9TZ:.+a-z-]*$/;

/** The flags of every create. */
const commonCreateFlags = { name, label: /^[^=\0\r\n]+=[^\0]*$/, 'http-proxy': /^false$/ } as const;

/** For each option of a create in the contract: the flag of podman for it, and a pattern of its values. */
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
  // Without ALLOWED_RUNTIMES, the policy refuses all.
  runtime: ['runtime', /^(?!)/],
} as const satisfies Readonly<Record<string, readonly [string, RegExp]>>;

/** The marker of a job's processes, or the name of a variable without its value, which no argument may contain. */
const env = /^(PODMAN_API_JOB=[\w.-]+|PODMAN_API_START=[0-9a-f]{32}|[A-Za-z_][A-Za-z0-9_.-]*)$/;
const environment = { env, 'env-file': /^\/proc\/self\/fd\/3$/ } as const;

/** A Go template of the service, without text of a caller. */
const template = /^\{[\w{}":.,$%() =-]+\}$/;
const ps: CommandPattern = { command: ['ps'], flags: { all: null, 'no-trunc': null, format: template } };
const inspect: CommandPattern = { command: ['container', 'inspect'], flags: { format: template }, positionals: one };
const imageTtl: CommandPattern = {
  command: ['image', 'inspect'],
  flags: { format: template },
  positionals: { first: [/^[0-9a-f]{64}$/], hasMore: false },
};
const init: CommandPattern = { command: ['init'], flags: {}, positionals: one };
const start: CommandPattern = { command: ['start'], flags: { filter: /^status=initialized$/ }, positionals: one };
const stop: CommandPattern = { command: ['stop'], flags: { time: seconds }, positionals: one };
const remove: CommandPattern = { command: ['rm'], flags: { force: null, time: /^0$/, volumes: null }, positionals: one };
const mount: CommandPattern = { command: ['mount'], flags: {}, positionals: { first: [/^[0-9a-f]{64}$/], hasMore: false } };
const umount: CommandPattern = { ...mount, command: ['umount'] };
/** The helper for files gets its request by stdin; a recording podman notes the verb alone. */
const fileHelper: CommandPattern = { command: ['files'], flags: {} };
const script = { first: [name, /^sh$/, /^-c$/, anything, /^sh$/], hasMore: true } as const;
const image = /^[a-zA-Z0-9][\w.:/@-]*$/;
const oneImage = { first: [image], hasMore: false } as const;
const inspectImage: CommandPattern = { command: ['image', 'inspect'], flags: {}, positionals: oneImage };
const listImages: CommandPattern = { command: ['images'], flags: { format: /^json$/ } };
/** The file with the login at a registry. */
const login = { authfile: /^\/proc\/self\/fd\/3$/ } as const;
/** The flags of `podman run` and `podman create`, except `--detach`. */
const wholeSeconds = /^\d{1,5}s$/;
/** The flags of a create's `healthcheck`, one option of several flags. */
const healthFlags = {
  'health-cmd': /^(\["[^\0]*"\]|CMD [^\s\0]+)$/,
  'health-interval': wholeSeconds,
  'health-timeout': wholeSeconds,
  'health-retries': /^\d{1,4}$/,
  'health-start-period': wholeSeconds,
  'no-healthcheck': null,
} as const;
const allCreateFlags = {
  ...commonCreateFlags,
  ...environment,
  ...healthFlags,
  ...Object.fromEntries(Object.values(createFlags)),
};

const listUnused = { filter: /^dangling=true$/, format: /^(json|\{\{\.Name\}\})$/ };
const usersOf = (kind: string): CommandPattern => ({
  command: ['ps'],
  flags: { all: null, filter: new RegExp(`^${kind}=[a-zA-Z0-9][\\w.-]*$`), format: /^\{\{\.Names\}\}$/ },
});
const volumeInspect: CommandPattern = { command: ['volume', 'inspect'], flags: {}, positionals: one };
const volumeList: CommandPattern = { command: ['volume', 'ls'], flags: listUnused };
const volumeRemove: CommandPattern = { command: ['volume', 'rm'], flags: {}, positionals: one };
const networkInspect: CommandPattern = { command: ['network', 'inspect'], flags: {}, positionals: one };
const networkList: CommandPattern = { command: ['network', 'ls'], flags: listUnused };
const networkRemove: CommandPattern = { command: ['network', 'rm'], flags: {}, positionals: one };
const networkAndContainer = { first: [name, name], hasMore: false } as const;
/** Of options that mount something, the policy of these tests allows a tmpfs only. */
const volumeCreateFlags = {
  label: /^[^=,"\0\r\n]+=[^,"\0\r\n]*$/,
  opt: /^(type=tmpfs|device=tmpfs|o=(ro|rw|bind|nosuid|nodev|noexec|size=\w+|mode=\d+)(,\S+)?)$/,
} as const;

/**
 * The podman commands of each operation, with all flags that they may have. Repeats the options of the contract on purpose, so that
 * a test notices any other flag.
 */
export const operationCommands: Readonly<Record<string, readonly CommandPattern[]>> = {
  'container.create': [
    { command: ['run'], flags: { detach: null, ...allCreateFlags }, positionals: { first: [image], hasMore: true } },
    { command: ['create'], flags: allCreateFlags, positionals: { first: [image], hasMore: true } },
    {
      command: ['image', 'inspect'],
      flags: { format: /^\{\{\.Os\}\}\/\{\{\.Architecture\}\}$/ },
      positionals: { first: [image], hasMore: false },
    },
    { command: ['port'], flags: {}, positionals: one },
    { command: ['ps'], flags: { ...ps.flags, filter: /^label=podman-api\.job=[\w.-]+$/ } },
    ...[init, start, inspect, remove],
  ],
  'run.create': [
    {
      command: ['create'],
      flags: { interactive: null, 'log-driver': /^none$/, ...allCreateFlags },
      positionals: { first: [image], hasMore: true },
    },
    { command: ['cp'], flags: { archive: /^false$/ }, positionals: { first: [/^-$/, /^[0-9a-f]+:\//], hasMore: false } },
    { command: ['cp'], flags: {}, positionals: { first: [/^[0-9a-f]+:\//, /^-$/], hasMore: false } },
    {
      command: ['start'],
      flags: { attach: null, 'sig-proxy': /^false$/, interactive: null, filter: /^status=initialized$/ },
      positionals: { first: [/^[0-9a-f]+$/], hasMore: false },
    },
    { command: ['ps'], flags: { ...ps.flags, filter: /^label=podman-api\.job=[\w.-]+$/ } },
    ...[init, inspect, stop, remove],
  ],
  'container.list': [ps, imageTtl],
  'container.inspect': [ps, inspect, imageTtl],
  'container.remove': [ps, inspect, remove],
  'container.start': [ps, init, start, inspect, stop],
  'container.stop': [ps, inspect, stop],
  'container.restart': [ps, inspect, stop, init, start, { ...stop, command: ['restart'] }],
  'container.kill': [ps, inspect, { command: ['kill'], flags: { signal: /^SIG[A-Z0-9]+([+-]\d+)?$/ }, positionals: one }],
  'container.pause': [ps, inspect, { command: ['pause'], flags: {}, positionals: one }],
  'container.unpause': [ps, inspect, { command: ['unpause'], flags: {}, positionals: one }],
  'container.renew': [ps, inspect],
  'container.rename': [ps, inspect, { command: ['rename'], flags: {}, positionals: { first: [/^[0-9a-f]{64}$/, name], hasMore: false } }],
  'container.logs': [
    ps,
    { ...inspect, flags: { format: /^\{\{\.HostConfig\.LogConfig\.Type\}\} \{\{\.HostConfig\.LogConfig\.Path\}\}$/ } },
    { command: ['logs'], flags: { tail: /^\d{1,9}$/, since: time, until: time, timestamps: null }, positionals: one },
  ],
  'container.prune': [ps, { command: ['rm'], flags: { volumes: null }, positionals: { first: [/^[0-9a-f]{64}$/], hasMore: false } }],
  'container.wait': [ps, inspect],
  'container.top': [ps, inspect, { command: ['top'], flags: {}, positionals: { first: [name, ...topColumns], hasMore: false } }],
  'container.stats': [ps, { command: ['stats'], flags: { 'no-stream': null, 'no-reset': null, format: template }, positionals: one }],
  'container.changes': [ps, { command: ['diff'], flags: { format: /^json$/ }, positionals: one }],
  'container.update': [
    ps,
    inspect,
    {
      command: ['update'],
      flags: {
        memory: createFlags.memory[1],
        cpus: createFlags.cpus[1],
        'pids-limit': createFlags.pids_limit[1],
        restart: createFlags.restart_policy[1],
      },
      positionals: { first: [/^[0-9a-f]{64}$/], hasMore: false },
    },
  ],
  'container.commit': [
    ...[ps, inspect, { command: ['unpause'], flags: {}, positionals: one }],
    { command: ['image', 'inspect'], flags: { format: template }, positionals: { first: [/^[0-9a-f]{64}$/], hasMore: false } },
    {
      command: ['commit'],
      flags: {
        quiet: null,
        pause: /^(true|false)$/,
        format: /^docker$/,
        message: /^[^\0\r\n]*$/,
        author: /^[^\0\r\n]*$/,
        change: /^([A-Z]+ [^\0\r\n]+|ENV [\w.-]+=|LABEL podman-api\.\w+=)$/,
      },
      positionals: { first: [/^[0-9a-f]{64}$/, /^localhost\/[\w.:/-]+$/], hasMore: false },
    },
  ],
  'container.add_user': [ps, inspect, { command: ['exec'], flags: { env, interactive: null, user: /^0$/ }, positionals: script }],
  'container.add_file': [
    ps,
    { command: ['exec'], flags: { env, interactive: null, user: /^0$/ }, positionals: script },
    inspect,
    { command: ['cp'], flags: {}, positionals: { first: [/^[a-zA-Z0-9][a-zA-Z0-9_.-]*:\//, /^-$/], hasMore: false } },
    { command: ['cp'], flags: { archive: /^false$/ }, positionals: { first: [/^-$/, /^[a-zA-Z0-9][a-zA-Z0-9_.-]*:\//], hasMore: false } },
  ],
  ...Object.fromEntries(
    ['read_file', 'write_file', 'stat_file', 'list_files', 'remove_file', 'move_file', 'make_directory'].map(operation => [
      `container.${operation}`,
      [ps, inspect, fileHelper, mount, umount],
    ]),
  ),
  'container.exec': [
    ps,
    inspect,
    {
      command: ['exec'],
      flags: { ...environment, interactive: null, user: createFlags.user[1], workdir: path },
      positionals: { first: [name, anything], hasMore: true },
    },
  ],
  'image.pull': [{ command: ['pull'], flags: login, positionals: oneImage }, inspectImage],
  'image.list': [listImages],
  'image.inspect': [inspectImage],
  'image.remove': [
    inspectImage,
    ps,
    { command: ['rm'], flags: { volumes: null }, positionals: { first: [/^[0-9a-f]{64}$/], hasMore: false } },
    { command: ['rmi'], flags: {}, positionals: { first: [image], hasMore: true } },
  ],
  'image.tag': [inspectImage, { command: ['tag'], flags: {}, positionals: { first: [/^[0-9a-f]{64}$/, image], hasMore: false } }],
  'image.push': [inspectImage, { command: ['push'], flags: login, positionals: oneImage }],
  'image.prune': [
    listImages,
    {
      command: ['image', 'prune'],
      flags: { force: null, all: null, filter: /^(until=[\dhmsunT:.Z+-]+|label=[^=\0\r\n]+(=[^\0\r\n]*)?)$/ },
    },
  ],
  'volume.create': [
    { command: ['volume', 'create'], flags: volumeCreateFlags },
    { command: ['volume', 'create'], flags: volumeCreateFlags, positionals: one },
    ...[volumeInspect, usersOf('volume')],
  ],
  'volume.list': [volumeList],
  'volume.inspect': [volumeInspect, usersOf('volume')],
  'volume.remove': [volumeInspect, usersOf('volume'), volumeRemove],
  'volume.prune': [volumeList, volumeRemove],
  'network.create': [
    {
      command: ['network', 'create'],
      flags: {
        subnet: /^[0-9a-fA-F.:]+\/\d+$/,
        gateway: /^[0-9a-fA-F.:]+$/,
        internal: null,
        ipv6: null,
        'disable-dns': null,
        label: commonCreateFlags.label,
        opt: /^(mtu=\d+|isolate=(true|false))$/,
      },
      positionals: one,
    },
    ...[networkInspect, usersOf('network')],
  ],
  'network.list': [networkList],
  'network.inspect': [networkInspect, usersOf('network')],
  'network.remove': [networkInspect, usersOf('network'), networkRemove],
  'network.prune': [networkList, networkRemove],
  'network.connect': [
    networkInspect,
    ...[usersOf('network'), ps],
    { command: ['network', 'connect'], flags: { alias: /^[a-zA-Z0-9][\w.-]*$/ }, positionals: networkAndContainer },
  ],
  'network.disconnect': [
    networkInspect,
    ...[usersOf('network'), ps],
    { command: ['network', 'disconnect'], flags: { force: null }, positionals: networkAndContainer },
  ],
};

/** The podman commands that a worker runs without a job. */
export const workerCommands: readonly CommandPattern[] = [
  { command: ['version'], flags: { format: /^json$/ } },
  { command: ['info'], flags: { format: /^\{\{\.Store\.GraphRoot\}\}$/ } },
  { command: ['ps'], flags: { last: /^1$/, quiet: null } },
  ps,
  imageTtl,
  inspect,
  { command: ['healthcheck', 'run'], flags: {}, positionals: one },
  {
    command: ['events'],
    flags: { format: template, filter: /^(type=(container|image|network|volume)|event=[a-z_]+)$/, since: time, until: time },
  },
  remove,
];
