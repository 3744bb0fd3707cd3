import type { ErrorDetail } from '@podman-api/errors';
import { lists, matches } from './patterns.ts';
import { type Policy, withoutPrefix } from './policy.ts';

/** What podman gives each container unasked, containers.conf(5): to name it is to ask for nothing. */
const defaultCapabilities: ReadonlySet<string> = new Set([
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/**
 * An image is judged by its reference as it was written: `alpine` is not `docker.io/library/alpine`, for which of the
 * host's registries the short one leads to is not known before podman has asked them.
 */
export function imageRefusals(image: string, { images }: Policy): ErrorDetail[] {
  if (!images || matches(images, image)) return [];
  return [refusal('image', `${image}, as it is written, matches no pattern in ALLOWED_IMAGES`)];
}

/** `ALL` needs to be listed itself, and allows each other one; no pattern matches it. */
export function capabilityRefusals(given: readonly string[] = [], { capabilities }: Policy): ErrorDetail[] {
  if (lists(capabilities, 'ALL')) return [];
  return given.flatMap((name, index) => {
    const capability = withoutPrefix(name);
    if (capability !== 'ALL' && (defaultCapabilities.has(capability) || matches(capabilities ?? [], capability))) return [];
    return [refusal(`cap_add.${index}`, `the capability ${name} is not in ALLOWED_CAPABILITIES`)];
  });
}

/**
 * Where nobody has said, all networks with a name are allowed, and neither the host's nor another container's.
 * Those two have to be listed themselves (`host`, `container:<name>` or `container:*`); no other pattern matches them.
 * Else a create has to name one: podman's default network is one as any other.
 */
export function networkRefusals(network: string | undefined, { networks }: Policy): ErrorDetail[] {
  if (network === 'host' || network?.startsWith('container:')) {
    if (lists(networks, network) || (network !== 'host' && lists(networks, 'container:*'))) return [];
  } else if (networks === undefined) {
    return [];
  } else if (network === undefined) {
    return [refusal('network', 'name a network that matches a pattern in ALLOWED_NETWORKS')];
  } else if (matches(networks, network)) {
    return [];
  }
  return [refusal('network', `the network ${network} is not in ALLOWED_NETWORKS`)];
}

/** Where users are listed an exec has to name one: the image's own may be root. */
export function userRefusals(user: string | undefined, { users }: Policy): ErrorDetail[] {
  if (!users) return [];
  if (user === undefined) return [refusal('user', 'name a user that matches a pattern in ALLOWED_USERS')];
  return matches(users, user) ? [] : [refusal('user', `the user ${user} is not in ALLOWED_USERS`)];
}

function refusal(path: string, why: string): ErrorDetail {
  return { path, message: `${path}: ${why}` };
}
