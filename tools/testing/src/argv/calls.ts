/** What one way of calling podman may look like. */
export interface Shape {
  /** What stands first: podman's command. */
  readonly words: readonly string[];
  /** The flags that may follow it, and what their values look like; `null` where they have none. */
  readonly flags: Readonly<Record<string, RegExp | null>>;
  /** What stands after `--`: how the first ones look, and whether any number of others may follow. Nothing without a `--`. */
  readonly positionals?: { readonly first: readonly RegExp[]; readonly more: boolean };
}

const name = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const path = /^\/[^\0]*$/;
const anything = /^[^\0]*$/;
const one = { first: [name], more: false } as const;
const seconds = /^\d{1,4}$/;
const time = /^[0-9][0-9TZ:.+a-z-]*$/;

/** The flags that stand in every create, whatever is asked. */
const always = { name, label: /^[^=\0\r\n]+=[^\0]*$/, 'http-proxy': /^false$/ } as const;

/** For each option of a create that the contract names, the flag of podman's that it becomes, and its values. */
export const createFlags = {
  ports: ['publish', /^((\d+\.){3}\d+:|\[[0-9a-fA-F:.]+\]:)?((\d{1,5}(-\d{1,5})?)?:)?\d{1,5}(-\d{1,5})?\/(tcp|udp|sctp)$/],
  volumes: ['volume', /^(\/[^:,\0\n]*|(\/[^:,\0\n]*|[a-zA-Z0-9][a-zA-Z0-9_.-]*):\/[^:,\0\n]*:(ro|rw)(,[zZ])?)$/],
  user: ['user', /^[a-zA-Z0-9_][\w.$-]*(:[a-zA-Z0-9_][\w.$-]*)?$/],
  entrypoint: ['entrypoint', /^(\[("[^\0]*")?\])?$/],
  work_dir: ['workdir', path],
  labels: ['label', always.label],
  hostname: ['hostname', /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}$/],
  // Which of them is allowed is the policy's business, and none is where it says nothing.
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
} as const satisfies Readonly<Record<string, readonly [string, RegExp]>>;

/** The mark of a job's processes, or the name alone of a variable, whose value no argument holds. */
const env = /^(PODMAN_API_JOB=[\w.-]+|PODMAN_API_START=[0-9a-f]{32}|[A-Za-z_][A-Za-z0-9_.-]*)$/;
const environment = { env, 'env-file': /^\/proc\/self\/fd\/3$/ } as const;

/** A Go template that the service wrote, without a word of a caller. */
const template = /^\{[\w{}":.,$%() =-]+\}$/;
const ps: Shape = { words: ['ps'], flags: { all: null, 'no-trunc': null, format: template } };
const inspect: Shape = { words: ['container', 'inspect'], flags: { format: template }, positionals: one };
const imageTtl: Shape = {
  words: ['image', 'inspect'],
  flags: { format: template },
  positionals: { first: [/^[0-9a-f]{64}$/], more: false },
};
const init: Shape = { words: ['init'], flags: {}, positionals: one };
const start: Shape = { words: ['start'], flags: { filter: /^status=initialized$/ }, positionals: one };
const stop: Shape = { words: ['stop'], flags: { time: seconds }, positionals: one };
const remove: Shape = { words: ['rm'], flags: { force: null, time: /^0$/, volumes: null }, positionals: one };
const script = { first: [name, /^sh$/, /^-c$/, anything, /^sh$/], more: true } as const;
const image = /^[a-zA-Z0-9][\w.:/@-]*$/;
/** A create's flags; podman's own `create` has all of them but `--detach`. */
const ofCreate = { ...always, ...environment, ...Object.fromEntries(Object.values(createFlags)) };

/** Each operation's calls of podman: with these flags and no others. It is the contract's options, written down once more. */
export const calls: Readonly<Record<string, readonly Shape[]>> = {
  'container.create': [
    { words: ['run'], flags: { detach: null, ...ofCreate }, positionals: { first: [image], more: true } },
    { words: ['create'], flags: ofCreate, positionals: { first: [image], more: true } },
    { words: ['image', 'inspect'], flags: { format: /^\{\{\.Id\}\}$/ }, positionals: { first: [image], more: false } },
    { words: ['port'], flags: {}, positionals: one },
    { words: ['ps'], flags: { ...ps.flags, filter: /^label=podman-api\.job=[\w.-]+$/ } },
    ...[init, start, inspect, remove],
  ],
  'container.list': [ps, imageTtl],
  'container.inspect': [ps, inspect, imageTtl],
  'container.remove': [ps, inspect, remove],
  'container.start': [ps, init, start, inspect, stop],
  'container.stop': [ps, inspect, stop],
  'container.restart': [ps, inspect, stop, init, start, { ...stop, words: ['restart'] }],
  'container.kill': [ps, inspect, { words: ['kill'], flags: { signal: /^SIG[A-Z0-9]+([+-]\d+)?$/ }, positionals: one }],
  'container.pause': [ps, inspect, { words: ['pause'], flags: {}, positionals: one }],
  'container.unpause': [ps, inspect, { words: ['unpause'], flags: {}, positionals: one }],
  'container.renew': [ps, inspect],
  'container.rename': [ps, inspect, { words: ['rename'], flags: {}, positionals: { first: [/^[0-9a-f]{64}$/, name], more: false } }],
  'container.logs': [
    ps,
    { ...inspect, flags: { format: /^\{\{\.HostConfig\.LogConfig\.Type\}\} \{\{\.HostConfig\.LogConfig\.Path\}\}$/ } },
    { words: ['logs'], flags: { tail: /^\d{1,9}$/, since: time, until: time, timestamps: null }, positionals: one },
  ],
  'container.add_user': [ps, inspect, { words: ['exec'], flags: { env, interactive: null, user: /^0$/ }, positionals: script }],
  'container.add_file': [
    ps,
    { words: ['exec'], flags: { env, interactive: null, user: /^0$/ }, positionals: script },
    inspect,
    { words: ['cp'], flags: {}, positionals: { first: [/^[a-zA-Z0-9][a-zA-Z0-9_.-]*:\//, /^-$/], more: false } },
    { words: ['cp'], flags: { archive: /^false$/ }, positionals: { first: [/^-$/, /^[a-zA-Z0-9][a-zA-Z0-9_.-]*:\//], more: false } },
  ],
  'container.exec': [
    ps,
    inspect,
    {
      words: ['exec'],
      flags: { ...environment, interactive: null, user: createFlags.user[1], workdir: path },
      positionals: { first: [name, anything], more: true },
    },
  ],
};

/** What a worker asks of podman by itself. */
export const workersOwn: readonly Shape[] = [
  { words: ['version'], flags: { format: /^json$/ } },
  { words: ['info'], flags: { format: /^\{\{\.Store\.GraphRoot\}\}$/ } },
  { words: ['ps'], flags: { last: /^1$/, quiet: null } },
  ps,
  imageTtl,
  {
    words: ['events'],
    flags: { format: template, filter: /^(type=container|event=(create|remove|rename))$/, since: time, until: time },
  },
  remove,
];
