import type { ErrorPattern } from './pattern.ts';

const registryVerbs: ReadonlySet<string> = new Set(['pull', 'push']);
const localVerbs: ReadonlySet<string> = new Set(['rmi', 'tag', 'push']);

/** Errors of the commands on images; the messages were observed with podman 4.3. */
export const imagePatterns: readonly ErrorPattern[] = [
  {
    pattern: /(\S+): image not known/,
    reason: 'no-image',
    type: 'NotFoundError',
    verbs: localVerbs,
    message: image => `There is no image ${image}.`,
    field: 'reference',
  },
  {
    pattern: /image is in use by a container|image used by/,
    reason: 'image-in-use',
    type: 'ConflictError',
    verbs: new Set(['rmi']),
    message: () => 'A container uses the image: remove the container first, or remove the image with force=true.',
  },
  {
    pattern: /by ID with more than one tag/,
    reason: 'image-has-names',
    type: 'ConflictError',
    verbs: new Set(['rmi']),
    message: () => 'The image has several names: remove it by each name, or all of them with force=true.',
  },
  {
    pattern: /short-name "([^"]+)" did not resolve|no unqualified-search registries/,
    reason: 'no-image',
    type: 'NotFoundError',
    verbs: registryVerbs,
    message: image => `No registry is known for ${image}: give the full name of the image, as in docker.io/library/alpine.`,
    field: 'reference',
  },
  {
    pattern: /manifest unknown|name unknown/,
    reason: 'no-image',
    type: 'NotFoundError',
    verbs: registryVerbs,
    message: () => 'The registry has no such image: check its name and tag.',
    field: 'reference',
  },
  {
    // Registries report the same for a wrong password, a missing password and a missing image.
    pattern: /unauthorized: |authentication required|invalid username\/password|access to the resource is denied/,
    reason: 'login-refused',
    type: 'ValidationError',
    verbs: registryVerbs,
    message: () => 'credentials: the registry refuses access to this image: check its name, the username and the password.',
    field: 'credentials',
  },
  {
    // Without podman's reason, from which callers could learn which ports in the node's network are open.
    pattern: /pinging container registry (\S+): /,
    reason: 'no-registry',
    type: 'PodmanAPIError',
    verbs: registryVerbs,
    message: registry => `The node cannot reach the registry ${registry}: check the name, and whether the node may connect to it.`,
    field: 'reference',
  },
];
