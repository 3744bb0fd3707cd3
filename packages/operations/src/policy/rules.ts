import type { ErrorDetail } from '@podman-api/errors';
import { hasPattern, matches } from './patterns.ts';
import { type Policy, withoutPrefix } from './policy.ts';
import { isLocalImage, isPrivateRegistry, listsRegistry, registryOf } from './registry.ts';

/** Capabilities that podman gives each container by default (containers.conf(5)); naming one of them is always allowed. */
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
 * Returns why an image is refused. The reference counts as it is written: `alpine` does not match `docker.io/library/alpine`,
 * because the registry of a short name is known only after podman has queried the registries of the host.
 * @param field the field of the request; default: `image`
 */
export function imageRefusals(image: string, pullPolicy: string | undefined, policy: Policy, field = 'image'): ErrorDetail[] {
  const { images } = policy;
  if (images && !matches(images, image)) return [refusal(field, `${image}, as it is written, matches no pattern in ALLOWED_IMAGES`)];
  const registry = registryOf(image);
  if (registry === undefined || policyForPull(image, pullPolicy, policy) === 'never') return [];
  if (!isPrivateRegistry(registry) || listsRegistry(images, registry)) return [];
  const what = 'is in the private network of the node, and no image is transferred from or to it';
  return [refusal(field, `the registry ${registry} ${what} unless a pattern in ALLOWED_IMAGES begins with ${registry}/`)];
}

/**
 * Returns podman's policy for pulling an image: `never` for an image of the host itself, because podman would otherwise query a
 * registry on the host's port 443 for one that is missing.
 * @param given the policy in the request; `undefined` means `missing`
 */
export function policyForPull(image: string, given: string | undefined, { images }: Policy): string | undefined {
  return given !== 'always' && isLocalImage(image) && !listsRegistry(images, 'localhost') ? 'never' : given;
}

/** Returns why capabilities are refused. `ALL` must be listed literally and allows every other one; no pattern matches it. */
export function capabilityRefusals(given: readonly string[] = [], { capabilities }: Policy): ErrorDetail[] {
  if (hasPattern(capabilities, 'ALL')) return [];
  return given.flatMap((name, index) => {
    const capability = withoutPrefix(name);
    if (capability !== 'ALL' && (defaultCapabilities.has(capability) || matches(capabilities ?? [], capability))) return [];
    return [refusal(`cap_add.${index}`, `the capability ${name} is not in ALLOWED_CAPABILITIES`)];
  });
}

/**
 * Returns why a network is refused. If ALLOWED_NETWORKS is unset, all named networks are allowed, but neither the host's nor
 * another container's. Those two must be listed literally (`host`, `container:<name>` or `container:*`); no other pattern
 * matches them. If ALLOWED_NETWORKS is set, a create must name a network, because podman's default network is not exempt.
 */
export function networkRefusals(network: string | undefined, { networks }: Policy): ErrorDetail[] {
  if (network === 'host' || network?.startsWith('container:')) {
    if (hasPattern(networks, network) || (network !== 'host' && hasPattern(networks, 'container:*'))) return [];
  } else if (networks === undefined) {
    return [];
  } else if (network === undefined) {
    return [refusal('network', 'name a network that matches a pattern in ALLOWED_NETWORKS')];
  } else if (matches(networks, network)) {
    return [];
  }
  return [refusal('network', `the network ${network} is not in ALLOWED_NETWORKS`)];
}

/** Returns why a user is refused. If ALLOWED_USERS is set, an exec must name a user, because the image's own may be root. */
export function userRefusals(user: string | undefined, { users }: Policy): ErrorDetail[] {
  if (!users) return [];
  if (user === undefined) return [refusal('user', 'name a user that matches a pattern in ALLOWED_USERS')];
  return matches(users, user) ? [] : [refusal('user', `the user ${user} is not in ALLOWED_USERS`)];
}

/** Returns why an OCI runtime is refused. Without ALLOWED_RUNTIMES, no create can name one. */
export function runtimeRefusals(runtime: string | undefined, { runtimes }: Policy): ErrorDetail[] {
  if (runtime === undefined || matches(runtimes ?? [], runtime)) return [];
  return [refusal('runtime', `the runtime ${runtime} is not in ALLOWED_RUNTIMES`)];
}

function refusal(path: string, why: string): ErrorDetail {
  return { path, message: `${path}: ${why}` };
}
