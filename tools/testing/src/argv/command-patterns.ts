import { allCreateFlags, createFlags, environmentName as env, environment } from './create-flags.ts';
import { dockerCommands } from './docker-commands.ts';
import { anything, type CommandPattern, image, inspect, name, one, path, ps, template } from './pattern.ts';
import { resourceCommands } from './resource-commands.ts';

const seconds = /^\d{1,4}$/;
const topColumns = [/^pid$/, /^ppid$/, /^user$/, /^state$/, /^pcpu$/, /^etime$/, /^rss$/, /^args$/];
const time = /^[0-9][0-9TZ:.+a-z-]*$/;

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
/** The helper for files gets its request by stdin; a recording podman records only the verb. */
const fileHelper: CommandPattern = { command: ['files'], flags: {} };
const script = { first: [name, /^sh$/, /^-c$/, anything, /^sh$/], hasMore: true } as const;

/**
 * The podman commands of each operation, with all flags that they may have. Repeats the options of the API on purpose, so that
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
    // A recording podman records a session as this, which with podman is an exec.
    { command: ['session'], flags: {}, positionals: one },
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
      flags: { attach: null, 'sig-proxy': /^false$/, 'detach-keys': /^$/, interactive: null, filter: /^status=initialized$/ },
      positionals: { first: [/^[0-9a-f]+$/], hasMore: false },
    },
    { command: ['ps'], flags: { ...ps.flags, filter: /^label=podman-api\.job=[\w.-]+$/ } },
    { command: ['unpause'], flags: {}, positionals: { first: [/^[0-9a-f]+$/], hasMore: false } },
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
  'container.follow_logs': [ps, inspect, { command: ['logs'], flags: { follow: null }, positionals: one }],
  'container.prune': [ps, { command: ['rm'], flags: { volumes: null }, positionals: { first: [/^[0-9a-f]{64}$/], hasMore: false } }],
  'container.wait': [ps, inspect],
  'container.top': [ps, inspect, { command: ['top'], flags: {}, positionals: { first: [name, ...topColumns], hasMore: false } }],
  'container.stats': [ps, { command: ['stats'], flags: { 'no-stream': null, 'no-reset': null, format: template }, positionals: one }],
  'container.follow_stats': [
    ps,
    inspect,
    { command: ['stats'], flags: { 'no-reset': null, interval: /^1$/, format: template }, positionals: one },
  ],
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
    [
      'read_file',
      'write_file',
      'read_archive',
      'write_archive',
      'stat_file',
      'list_files',
      'remove_file',
      'move_file',
      'make_directory',
    ].map(operation => [`container.${operation}`, [ps, inspect, fileHelper, mount, umount]]),
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
  'container.terminal': [
    ps,
    {
      command: ['exec'],
      flags: {
        ...environment,
        interactive: null,
        tty: null,
        'detach-keys': /^$/,
        user: createFlags.user[1],
        workdir: path,
      },
      positionals: { first: [name, anything], hasMore: true },
    },
  ],
  ...resourceCommands,
  ...dockerCommands,
};

/** The podman commands that a worker runs without a job. */
export const workerCommands: readonly CommandPattern[] = [
  { command: ['version'], flags: { format: /^json$/ } },
  { command: ['info'], flags: { format: /^\{\{\.Store\.GraphRoot\}\}$/ } },
  { command: ['secret', 'ls'], flags: { 'log-level': /^debug$/ } },
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
  {
    command: ['system', 'service'],
    flags: { time: /^0$/ },
    positionals: { first: [/^unix:\/\/\/\S+\/sockets\/[0-9a-f-]+$/], hasMore: false },
  },
];
