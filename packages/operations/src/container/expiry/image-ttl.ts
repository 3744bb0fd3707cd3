import type { Podman } from '@podman-api/podman';
import { maxServiceLabelLength, ttlLabel } from '../service-labels.ts';

/** Number of cached images; an id identifies an image's content, so its labels never change. */
const maxCachedImages = 1000;
const ttlByImage = new Map<string, string>();

/** The fields of a container that are needed to find the ttl label of its image. */
interface LabelledContainer {
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>> | null;
}

/**
 * Returns the ttl labels that containers have from their images. An image that was committed from a container with a ttl has
 * its label, and a pulled image may have any; neither may cause the removal of a container.
 * @returns by image id: the label, `''` for an image without one; no entry if podman could not inspect the image
 */
export async function readImageTtls(
  podman: Pick<Podman, 'shared'>,
  containers: readonly LabelledContainer[],
): Promise<ReadonlyMap<string, string>> {
  const labelled = containers.filter(({ labels }) => (labels?.[ttlLabel] ?? '') !== '');
  const imageIds = [...new Set(labelled.map(({ imageId }) => imageId))];
  const entries = await Promise.all(
    imageIds.map(async id => {
      const label = ttlByImage.get(id) ?? (await readImageTtl(podman, id));
      return label === undefined ? [] : [[id, label] as const];
    }),
  );
  return new Map(entries.flat());
}

async function readImageTtl(podman: Pick<Podman, 'shared'>, id: string): Promise<string | undefined> {
  const format = `--format={{json (printf "%.${maxServiceLabelLength}s" (index .Labels "${ttlLabel}"))}}`;
  const label = await podman.shared(['image', 'inspect', format, '--', id]).then(
    text => String(JSON.parse(text)),
    () => undefined,
  );
  if (label === undefined) return undefined;
  if (ttlByImage.size >= maxCachedImages) ttlByImage.clear();
  ttlByImage.set(id, label);
  return label;
}
