import { allCreateFlags } from './create-flags.ts';
import { type CommandPattern, image, inspect, name, one, ps } from './pattern.ts';
import { resourceCommands } from './resource-commands.ts';

const id = { first: [/^[0-9a-f]{64}$/], hasMore: false } as const;
const init: CommandPattern = { command: ['init'], flags: {}, positionals: id };
const startAttached: CommandPattern = {
  command: ['start'],
  flags: {
    attach: null,
    'sig-proxy': /^false$/,
    'detach-keys': /^$/,
    interactive: null,
    filter: /^status=initialized$/,
  },
  positionals: id,
};
const attach: CommandPattern = {
  command: ['attach'],
  flags: { 'sig-proxy': /^false$/, 'detach-keys': /^$/, 'no-stdin': null },
  positionals: id,
};
const remove: CommandPattern = { command: ['rm'], flags: { force: null, time: /^0$/, volumes: null }, positionals: id };
const namedRemove = (kind: string): CommandPattern => ({ command: [kind, 'rm'], flags: {}, positionals: one });

/** The podman commands of each task of the Docker-compatible API, see `operationCommands`. */
export const dockerCommands: Readonly<Record<string, readonly CommandPattern[]>> = {
  'docker.create_container': [
    {
      command: ['create'],
      flags: {
        ...allCreateFlags,
        rm: null,
        tty: null,
        interactive: null,
        expose: /^\d{1,5}(-\d{1,5})?\/(tcp|udp|sctp)$/,
        'publish-all': null,
        'network-alias': /^[a-zA-Z0-9][\w.-]*$/,
        'stop-timeout': /^\d{1,5}$/,
      },
      positionals: { first: [image], hasMore: true },
    },
    { command: ['ps'], flags: { ...ps.flags, filter: /^label=podman-api\.job=[\w.-]+$/ } },
    remove,
  ],
  'docker.inspect_container': [ps, inspect],
  'docker.list_containers': [ps, { ...ps, flags: { ...ps.flags, filter: new RegExp(`^network=${name.source.slice(1)}`) } }],
  'docker.inspect_image': resourceCommands['image.inspect'] ?? [],
  'docker.list_images': resourceCommands['image.list'] ?? [],
  'docker.list_networks': resourceCommands['network.list'] ?? [],
  'docker.start_attached': [ps, inspect, init, startAttached],
  'docker.attach': [ps, inspect, attach],
  'docker.logs': [ps, inspect, { command: ['logs'], flags: { follow: null }, positionals: id }],
  'docker.tunnel': [inspect],
  'docker.remove_labelled': [
    ...[ps, remove, namedRemove('network'), namedRemove('volume')],
    ...(resourceCommands['network.list'] ?? []),
    ...(resourceCommands['volume.list'] ?? []),
  ],
};
