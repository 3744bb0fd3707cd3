import { ApiError } from '@podman-api/errors';
import { type DockerListedImage, dockerInspectImage, dockerListImages, hasLabels, imageOperations } from '@podman-api/operations';
import { readFilters } from '../filters.ts';
import { completeReference, matchesReference, splitReference, withImage } from '../image-names.ts';
import { nodesOf } from '../placement.ts';
import { type DockerRequest, type DockerRoute, param, queryFlag, queryText } from '../route.ts';
import { runOnAllNodes, runTask } from '../run-task.ts';

/** Lists the images of all nodes, each once. */
const listImages: DockerRoute = {
  method: 'GET',
  path: '/images/json',
  async handle(request) {
    const { reference, dangling, label } = readFilters(request, ['reference', 'dangling', 'label']);
    const images = await runOnAllNodes(request, dockerListImages, {});
    const byId = new Map<string, DockerListedImage>();
    for (const image of images) {
      const tags = new Set([...(byId.get(image.Id)?.RepoTags ?? []), ...image.RepoTags]);
      byId.set(image.Id, { ...image, RepoTags: [...tags] });
    }
    const isDangling = dangling && /^(1|true)$/i.test(dangling[0] ?? '');
    request.ctx.body = [...byId.values()]
      .filter(image => hasLabels(image.Labels, label))
      .filter(({ RepoTags }) => isDangling === undefined || isDangling === (RepoTags.length === 0))
      .map(image => withMatchingTags(image, reference))
      .filter(({ RepoTags }) => reference === undefined || RepoTags.length > 0)
      .sort((one, other) => other.Created - one.Created);
  },
};

/** Returns an image with only those names that match at least one of the patterns; with all names if there are no patterns. */
function withMatchingTags(image: DockerListedImage, patterns: readonly string[] | undefined): DockerListedImage {
  if (patterns === undefined) return image;
  const matching = image.RepoTags.filter(tag => patterns.some(pattern => matchesReference(tag, pattern)));
  const repositories = new Set(matching.map(tag => splitReference(tag).repository));
  const digests = image.RepoDigests.filter(digest => repositories.has(digest.replace(/@.*/, '')));
  return { ...image, RepoTags: matching, RepoDigests: digests };
}

const inspectImage: DockerRoute = {
  method: 'GET',
  path: '/images/*name/json',
  async handle(request) {
    request.ctx.body = await withImage(nameOf(request), reference => runTask(request, dockerInspectImage, { reference }));
  },
};

/** Gives an image another name on every node that has it. */
const tagImage: DockerRoute = {
  method: 'POST',
  path: '/images/*name/tag',
  async handle(request) {
    const [repository, tag] = [queryText(request, 'repo'), queryText(request, 'tag')];
    if (repository === undefined) throw new ApiError('ValidationError', 'repo is missing: give the new name.');
    const reference = completeReference(tag === undefined ? repository : `${repository}:${tag}`);
    await onNodesOfImage(request, (source, node) => runTask(request, imageOperations.tag, { source, reference }, { node }));
    request.ctx.status = 201;
    request.ctx.body = '';
  },
};

/** Removes a name of an image on every node that has it. */
const removeImage: DockerRoute = {
  method: 'DELETE',
  path: '/images/*name',
  async handle(request) {
    const force = queryFlag(request, 'force');
    await onNodesOfImage(request, (reference, node) => runTask(request, imageOperations.remove, { reference, force }, { node }));
    request.ctx.body = [{ Untagged: nameOf(request) }];
  },
};

/**
 * Calls a function for every node that has the image of a request; nodes that are offline are left out, and keep what they have.
 * @param change runs an operation on the image of a node, and throws an ApiError (404) if the node does not have it
 * @throws ApiError (404) if no node has it, (503) if all are offline; the first error of a node
 */
async function onNodesOfImage(request: DockerRequest, change: (reference: string, node: string) => Promise<unknown>): Promise<void> {
  const nodes = nodesOf(request);
  await withImage(nameOf(request), async reference => {
    const runs = await Promise.allSettled(nodes.map(node => change(reference, node)));
    const failures = runs.flatMap(run => (run.status === 'rejected' ? [run.reason] : []));
    const other = failures.find(error => !(error instanceof ApiError) || error.type !== 'NotFoundError');
    if (other !== undefined || failures.length === nodes.length) throw other ?? failures[0];
  });
}

const pruneImages: DockerRoute = {
  method: 'POST',
  path: '/images/prune',
  async handle(request) {
    const { dangling, label, until: [until] = [] } = readFilters(request, ['dangling', 'label', 'until']);
    const removed = await runOnAllNodes(request, imageOperations.prune, {
      all: dangling !== undefined && /^(0|false)$/i.test(dangling[0] ?? ''),
      ...(label && { label }),
      ...(until !== undefined && { until }),
    });
    request.ctx.body = {
      ImagesDeleted: removed.map(({ id }) => ({ Deleted: id })),
      SpaceReclaimed: removed.reduce((sum, { size }) => sum + size, 0),
    };
  },
};

/** Names of images have slashes; a client may encode them. */
function nameOf(request: DockerRequest): string {
  return param(request, 'name');
}

/** The routes of images, except transfers. */
export const imageRoutes: readonly DockerRoute[] = [listImages, pruneImages, inspectImage, tagImage, removeImage];
