import Joi from 'joi';
import { defineRequestedTask } from '../define.ts';
import { type NetworkEntry, readNetworkEntries } from '../network/lookup/network.ts';
import { dockerNetworkName } from './docker-names.ts';

/** A network with Docker's fields, of which the API reads these. */
export interface DockerNetwork {
  readonly Name: string;
  /** 64 digits. */
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>>;
  /** The node that has it, which Docker's clients ignore. */
  readonly Node: string;
}

interface ListNetworksInput {
  /** Runs podman's command instead of querying its service, which may miss a network, see `PodmanService`; default: false. */
  readonly exact?: boolean;
}

/** Lists the networks of a node as `docker network inspect` shows them, without their containers. */
export const dockerListNetworks = defineRequestedTask<ListNetworksInput, readonly DockerNetwork[]>({
  name: 'docker.list_networks',
  scope: 'containers:read',
  reach: 'all',
  input: Joi.object<ListNetworksInput>({ exact: Joi.boolean() }),
  lane: 'reads',
  isRepeatable: true,
  run: async (podman, { exact: isExact = false }, { node, signal }) =>
    (await readNetworkEntries(podman, signal, { isExact })).map(entry => toDocker(entry, node)),
});

function toDocker(entry: NetworkEntry, node: string) {
  return {
    Name: dockerNetworkName(entry.name),
    Id: entry.id,
    Labels: entry.labels ?? {},
    Node: node,
    Created: entry.created,
    Scope: 'local',
    Driver: entry.driver,
    EnableIPv6: entry.ipv6_enabled,
    Internal: entry.internal,
    Attachable: false,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: {},
    Options: entry.options ?? {},
    IPAM: {
      Driver: 'default',
      Options: null,
      Config: (entry.subnets ?? []).map(({ subnet, gateway }) => ({ Subnet: subnet, ...(gateway !== undefined && { Gateway: gateway }) })),
    },
  };
}
