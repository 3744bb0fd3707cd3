import { ApiError } from '@podman-api/errors';
import { familiarName } from '@podman-api/operations';

/**
 * Returns the complete reference of an image as Docker reads it: a name without a registry is one of Docker Hub, and one without a tag
 * has the tag `latest`. An id stays as it is.
 */
export function completeReference(given: string): string {
  if (isImageId(given)) return given.startsWith('sha256:') || given.length < 64 ? given : `sha256:${given}`;
  const [first = '', ...rest] = given.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const named = hasRegistry ? given : `docker.io/${rest.length === 0 ? 'library/' : ''}${given}`;
  return /[:@]/.test(named.slice(named.lastIndexOf('/') + 1)) ? named : `${named}:latest`;
}

/**
 * Returns the complete reference of an image that is made on a node: a name without a registry is one of `localhost`, as the policy
 * requires.
 */
export function localReference(given: string): string {
  return completeReference(given).replace(/^docker\.io\/(library\/)?/, 'localhost/');
}

/**
 * Calls a function with the reference of an image. A name without a registry means Docker Hub's image or, if there is none, one
 * that was made on a node: those have names that begin with `localhost/`.
 * @throws ApiError (404) if there is no such image
 */
export async function withImage<Result>(given: string, use: (reference: string) => Promise<Result>): Promise<Result> {
  const reference = completeReference(given);
  const hasRegistry = !reference.startsWith('docker.io/') || given.startsWith('docker.io/');
  try {
    return await use(reference);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (hasRegistry) throw noImage(given);
  }
  try {
    return await use(reference.replace(/^docker\.io\/(library\/)?/, 'localhost/'));
  } catch (error) {
    throw isNotFound(error) ? noImage(given) : error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.type === 'NotFoundError';
}

/** Creates the 404 for an image, with a message that clients recognize. */
function noImage(given: string): ApiError {
  return new ApiError('NotFoundError', `No such image: ${given}`);
}

/** Whether a string is the id of an image, or the first 12 digits or more of one. */
function isImageId(text: string): boolean {
  return /^(sha256:)?[0-9a-f]{12,64}$/.test(text);
}

/** Returns the repository and the tag of a reference, as clients show them. */
export function splitReference(reference: string): { readonly repository: string; readonly tag: string } {
  const [, repository = reference, tag = 'latest'] = /^(.*?)(?::([^/:]+))?$/.exec(familiarName(reference)) ?? [];
  return { repository, tag };
}

/** Whether a pattern, in which `*` matches any characters except `/`, matches a name with or without its tag. */
export function matchesReference(name: string, pattern: string): boolean {
  const patterns = (pattern.includes(':') ? pattern : `${pattern}:*`).split('/');
  const segments = name.split('/');
  return segments.length === patterns.length && segments.every((segment, index) => matchesSegment(segment, patterns[index] ?? ''));
}

/** Searches for the strings between the `*` in order: the time of a regular expression would grow exponentially with their number. */
function matchesSegment(text: string, pattern: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return text === first;
  const end = text.length - last.length;
  let at = first.length;
  if (at > end || !text.startsWith(first) || !text.endsWith(last)) return false;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
