import type { NetworkDetails } from '../../types.ts';
import { type CommandGroup, defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { parseListFormat, printList, warnUnreachable } from '../list-output.ts';
import { omitUndefined, parsePairs, rejectPositionals, requireOnePositional } from '../parse-flags.ts';
import { createResourceQuery, defineInspect, definePrune, defineRemove, placementFlags, resourceListFlags } from './resource-commands.ts';

const ls = defineCommand({
  positionals: '',
  description: 'Lists networks.',
  example: 'podman-api network ls --filter name=back',
  flags: resourceListFlags,
  async run({ filter, node, ...values }, positionals, context) {
    rejectPositionals(positionals);
    const format = parseListFormat(values);
    const { networks: items, unreachable } = await context.api.networks.list(createResourceQuery(filter, node), { signal: context.signal });
    const rows = items.map(network => [network.id, network.name, network.driver, network.node]);
    const headings = ['NETWORK ID', 'NAME', 'DRIVER', 'NODE'];
    await printList(context, format, { items, headings, rows, names: items.map(({ name }) => name) });
    warnUnreachable(context, unreachable, 'networks');
    return 0;
  },
});

const create = defineCommand({
  positionals: 'NAME',
  description: 'Creates a network and prints its name.',
  example: 'podman-api network create --internal backend',
  flags: {
    subnet: { type: 'string', value: 'SUBNET', description: 'private addresses, such as 10.89.7.0/24; default: chosen by podman' },
    gateway: { type: 'string', value: 'ADDRESS', description: 'address of the gateway; requires --subnet' },
    internal: { type: 'boolean', description: 'containers cannot reach anything outside the network' },
    ipv6: { type: 'boolean', description: 'give containers an IPv6 address too' },
    'disable-dns': { type: 'boolean', description: 'do not resolve names of containers' },
    opt: { type: 'string', short: 'o', multiple: true, value: 'KEY=VALUE', description: 'mtu=NUMBER or isolate=true' },
    ...placementFlags,
  },
  async run({ opt, label, node, selector, 'disable-dns': isDnsDisabled, ...fields }, positionals, { api, signal, printLine }) {
    const name = requireOnePositional(positionals, "A network's name");
    const body = omitUndefined({
      ...fields,
      dns_enabled: isDnsDisabled ? false : undefined,
      labels: parsePairs(label, 'label'),
      options: parseOptions(opt),
      node,
      node_selector: parsePairs(selector, 'selector'),
    });
    await printLine((await api.networks.create({ name, ...body }, { signal })).name);
    return 0;
  },
});

/** @throws UsageError for an option that does not exist, or a wrong value */
function parseOptions(texts: readonly string[] | undefined) {
  if (texts === undefined) return undefined;
  const { mtu, isolate, ...others } = parsePairs(texts, 'opt') ?? {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new UsageError(`--opt accepts mtu and isolate, but not "${unknown}".`);
  if (mtu !== undefined && !/^\d{1,5}$/.test(mtu)) throw new UsageError(`--opt mtu must be a number, but is "${mtu}".`);
  if (isolate !== undefined && isolate !== 'true' && isolate !== 'false') {
    throw new UsageError(`--opt isolate must be true or false, but is "${isolate}".`);
  }
  return omitUndefined({
    mtu: mtu === undefined ? undefined : Number(mtu),
    isolate: isolate === undefined ? undefined : isolate === 'true',
  });
}

const inspect = defineInspect<NetworkDetails>({
  noun: 'network',
  example: 'backend',
  inspect: ({ networks }, ...rest) => networks.inspect(...rest),
});

const rm = defineRemove({
  noun: 'network',
  description: 'Removes networks that no container is connected to.',
  example: 'backend',
  remove: ({ networks }, ...rest) => networks.remove(...rest),
});

const prune = definePrune({
  noun: 'network',
  removed: 'all networks that no container is connected to',
  async prune({ networks }, ...rest) {
    const { networks: removed, unreachable } = await networks.prune(...rest);
    return { removed, unreachable };
  },
});

const connect = defineCommand({
  positionals: 'NETWORK CONTAINER',
  description: 'Connects a container to a network of its node.',
  example: 'podman-api network connect --alias db backend box',
  flags: { alias: { type: 'string', multiple: true, value: 'NAME', description: 'further name of the container in the network' } },
  async run({ alias }, positionals, { api, signal, printLine }) {
    const [network, container] = requireTwo('connect', positionals);
    await api.networks.connect(network, { container, ...omitUndefined({ aliases: alias }) }, { signal });
    await printLine(container);
    return 0;
  },
});

const disconnect = defineCommand({
  positionals: 'NETWORK CONTAINER',
  description: 'Disconnects a container from a network.',
  example: 'podman-api network disconnect backend box',
  flags: { force: { type: 'boolean', short: 'f', description: 'disconnect by force, as podman does' } },
  async run({ force }, positionals, { api, signal, printLine }) {
    const [network, container] = requireTwo('disconnect', positionals);
    await api.networks.disconnect(network, { container, ...omitUndefined({ force }) }, { signal });
    await printLine(container);
    return 0;
  },
});

function requireTwo(verb: string, [network, container, ...rest]: readonly string[]): readonly [string, string] {
  if (network === undefined || container === undefined || rest.length > 0) throw new UsageError(`${verb} needs NETWORK and CONTAINER.`);
  return [network, container];
}

/** `podman-api network …` */
export const network: CommandGroup = {
  description: 'Lists, creates, inspects and removes networks, and connects containers to them.',
  commands: { ls, create, inspect, rm, prune, connect, disconnect },
};
