import type { ErrorDetail } from '@podman-api/errors';
import { hasPattern, matches } from './patterns.ts';
import type { Policy } from './policy.ts';
import { registryOf } from './registry.ts';

/** Placeholder for the id of an image, which is unknown until the image exists. */
const anyId = `sha256:${'0'.repeat(64)}`;

/**
 * Returns why a caller may not give a name to a new image. A new image belongs to the host (`localhost/…`) and never takes the name
 * of a registry's image. If ALLOWED_IMAGES is set, no reference that it allows may lead to the new image: podman also finds an image
 * by the end of its name, `app:1` is `localhost/team/app:1` if there is no other one.
 * @param name full name with tag, see `localImageName`
 */
export function newImageRefusals(name: string, { images }: Policy): ErrorDetail[] {
  const registry = registryOf(name);
  if (registry !== undefined && registry !== 'localhost')
    return [refusal(`a new image cannot have a name of the registry ${registry}; use a name such as localhost/app:1`)];
  if (images === undefined || hasPattern(images, '*')) return [];
  const allowed = referencesTo(name).find(reference => matches(images, reference));
  if (allowed === undefined) return [];
  return [refusal(`ALLOWED_IMAGES allows ${allowed === anyId ? 'the id of the new image' : allowed}; use a name that no pattern matches`)];
}

/** Returns the full name under which podman stores a new image: `app` becomes `localhost/app:latest`. */
export function localImageName(reference: string): string {
  const name = registryOf(reference) === undefined ? `localhost/${reference}` : reference;
  return /:[^/]*$/.test(name) ? name : `${name}:latest`;
}

/** Returns the references by which podman finds an image. */
function referencesTo(name: string): string[] {
  const parts = name.split('/');
  const tagged = parts.map((_, index) => parts.slice(index).join('/'));
  const untagged = tagged.flatMap(reference => (reference.endsWith(':latest') ? [reference.slice(0, -':latest'.length)] : []));
  return [...tagged, ...untagged, anyId];
}

function refusal(why: string): ErrorDetail {
  return { path: 'reference', message: `reference: ${why}` };
}
