import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { failedFor } from '../../container/failed-for.ts';
import { createResourceReach } from '../../resource-reach.ts';
import { image } from '../../schemas/names.ts';
import { queryDetails } from '../../service-queries.ts';

/** An image as `podman image inspect` prints it: the fields that are used. */
export interface ImageEntry {
  readonly Id: string;
  readonly Digest: string;
  readonly RepoTags: readonly string[] | null;
  readonly Created: string;
  /** Bytes. */
  readonly Size: number;
  readonly Architecture: string;
  readonly Os: string;
  readonly User: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Config: {
    readonly Env?: readonly string[] | null;
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly WorkingDir?: string;
    readonly OnBuild?: readonly string[] | null;
    readonly ExposedPorts?: Readonly<Record<string, object>> | null;
  };
}

/**
 * Minimum number of digits of an id. Podman accepts the shortest unambiguous prefix: `DELETE /images/21` would remove an image by
 * accident.
 */
const minIdDigits = 12;

/**
 * Reads an image of the node.
 * @param reference a name, or an id of at least 12 digits, with or without `sha256:`
 * @throws ApiError (404) if there is none
 */
export async function inspectImage(podman: Podman, reference: string, signal?: AbortSignal): Promise<ImageEntry> {
  const id = reference.replace(/^sha256:/, '');
  const query = queryDetails('images', id);
  const text = await podman.run(['image', 'inspect', '--', id], { query, ...(signal && { signal }) }).catch((error: unknown) => {
    throw failedFor('no-image', error) ? noImageError(reference) : error;
  });
  const [entry]: readonly ImageEntry[] = JSON.parse(text);
  if (!entry || (id.length < minIdDigits && /^[0-9a-f]+$/.test(id) && entry.Id.startsWith(id))) throw noImageError(reference);
  return entry;
}

function noImageError(reference: string): ApiError {
  return new ApiError('NotFoundError', `There is no image ${reference}: pull it first, or give its full name or 12 digits of its id.`);
}

/** How to find the nodes of an image. A change concerns one node, which the caller names if several have the image. */
export const imageReach = createResourceReach<{ readonly reference: string }>({
  kind: 'image',
  isSameOnAllNodes: false,
  nameOf: ({ reference }) => reference,
  name: image(),
  read: (podman, name, { signal }) => inspectImage(podman, name, signal),
});
