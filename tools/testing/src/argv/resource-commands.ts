import { commonCreateFlags } from './create-flags.ts';
import { type CommandPattern, image, name, one, ps } from './pattern.ts';

const oneImage = { first: [image], hasMore: false } as const;
const inspectImage: CommandPattern = { command: ['image', 'inspect'], flags: {}, positionals: oneImage };
const listImages: CommandPattern = { command: ['images'], flags: { format: /^json$/ } };
/** The file with the login at a registry. */
const login = { authfile: /^\/proc\/self\/fd\/3$/ } as const;
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
/** The policy of these tests allows only tmpfs among mount options. */
const volumeCreateFlags = {
  label: /^[^=,"\0\r\n]+=[^,"\0\r\n]*$/,
  opt: /^(type=tmpfs|device=tmpfs|o=(ro|rw|bind|nosuid|nodev|noexec|size=\w+|mode=\d+)(,\S+)?)$/,
} as const;

/** The podman commands of each operation on images, volumes and networks, see `operationCommands`. */
export const resourceCommands: Readonly<Record<string, readonly CommandPattern[]>> = {
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
  'image.export': [inspectImage, { command: ['save'], flags: { quiet: null, format: /^docker-archive$/ }, positionals: oneImage }],
  'image.build': [
    { command: ['files', 'extract'], flags: {} },
    { command: ['files', 'read'], flags: {} },
    { command: ['pull'], flags: { platform: /^[a-z0-9]+\/[a-z0-9_./]+$/ }, positionals: oneImage },
    inspectImage,
    {
      command: ['build'],
      flags: {
        file: /^\/\S+\/Containerfile$/,
        ignorefile: /^\/\S+\/ignore$/,
        ulimit: /^[a-z]+=-?\d+(:-?\d+)?$/,
        iidfile: /^\/\S+\/id$/,
        tag: image,
        pull: /^never$/,
        layers: /^false$/,
        isolation: /^oci$/,
        'http-proxy': /^false$/,
        secret: /^id=podman-api-build-[\w.-]+,src=\/dev\/null$/,
        network: /^none$/,
        target: /^\w[\w.-]*$/,
        platform: /^[a-z0-9]+\/[a-z0-9_./]+$/,
        memory: /^\d+$/,
        'cpu-period': /^100000$/,
        'cpu-quota': /^\d+$/,
        // The name of a variable without its value, which no argument may contain.
        'build-arg': /^[A-Za-z_]\w*$/,
        label: /^[^=\0\r\n]+=[^\0\r\n]*$/,
      },
      positionals: { first: [/^\/\S+\/context$/], hasMore: false },
    },
  ],
  'image.load': [{ command: ['load'], flags: { input: /^\/\S+\/archive\.tar$/ } }, inspectImage],
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
    ...[volumeInspect, usersOf('volume'), volumeRemove],
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
    ...[networkInspect, networkList, usersOf('network'), networkRemove],
  ],
  'network.list': [networkList],
  'network.inspect': [networkInspect, usersOf('network')],
  'network.remove': [networkInspect, networkRemove],
  'network.prune': [networkList, networkRemove],
  'network.connect': [
    ...[networkInspect, ps],
    { command: ['network', 'connect'], flags: { alias: /^[a-zA-Z0-9][\w.-]*$/ }, positionals: networkAndContainer },
  ],
  'network.disconnect': [
    ...[networkInspect, ps],
    { command: ['network', 'disconnect'], flags: { force: null }, positionals: networkAndContainer },
  ],
};
