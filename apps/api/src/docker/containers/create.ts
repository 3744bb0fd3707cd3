import { ApiError } from '@podman-api/errors';
import { type DockerCreated, type DockerCreateInput, dockerCreateContainer, dockerInspectImage } from '@podman-api/operations';
import { readBody } from '../../request/body.ts';
import { hasScope, missingScope } from '../../request/scope.ts';
import { BodyReader } from '../body-reader.ts';
import { withImage } from '../image-names.ts';
import { stringField } from '../json.ts';
import { networkNode, sessionNode, withSessionLabel } from '../placement.ts';
import { type DockerRequest, type DockerRoute, queryText } from '../route.ts';
import { runTask } from '../run-task.ts';
import { isRyukImage, type RyukContainers } from '../ryuk/ryuk-containers.ts';
import { readCreateBody } from './create-input.ts';

/**
 * Creates the route that creates a container without starting it; 404 makes clients pull the image and try again. For Testcontainers'
 * Ryuk no container is created.
 */
export function createContainerRoute(ryuks: RyukContainers): DockerRoute {
  return { method: 'POST', path: '/containers/create', handle: request => createContainer(request, ryuks) };
}

async function createContainer(request: DockerRequest, ryuks: RyukContainers): Promise<void> {
  const { ctx, parts } = request;
  const json = await readBody(ctx, parts.config.MAX_BODY);
  if (isRyukImage(stringField(json, 'Image'))) {
    const { scope } = dockerCreateContainer;
    if (!hasScope(ctx, scope)) throw missingScope(ctx, scope);
    ctx.status = 201;
    ctx.body = { Id: ryuks.create(request, json).id, Warnings: [] };
    return;
  }
  const body = new BodyReader(json);
  const given = readCreateBody(body, queryText(request, 'name'), queryText(request, 'platform'));
  const labels = withSessionLabel(request, given.labels);
  const input = { ...given, ...(labels && { labels }) };
  const node = await networkNode(request, input.network, await sessionNode(request, labels));
  const { id } = await withImage(input.image, image => createWhereImageIs(request, { ...input, image }, node));
  ctx.status = 201;
  ctx.body = { Id: id, Warnings: [] };
}

/**
 * Creates a container.
 * @param node the node that the request requires; default: one that placement chooses or, if that does not have the image, one that has it
 */
async function createWhereImageIs(request: DockerRequest, input: DockerCreateInput, node: string | undefined): Promise<DockerCreated> {
  try {
    return await runTask(request, dockerCreateContainer, input, { node });
  } catch (error) {
    if (!(error instanceof ApiError) || error.type !== 'NotFoundError') throw error;
    if (node !== undefined || request.parts.fleet.nodes.size < 2) throw error;
    const imageNode = await findImageNode(request, input.image);
    if (imageNode === undefined) throw error;
    return runTask(request, dockerCreateContainer, input, { node: imageNode });
  }
}

/** Returns a node that has an image and takes containers; `undefined` if there is none. */
async function findImageNode(request: DockerRequest, reference: string): Promise<string | undefined> {
  const ready = [...request.parts.fleet.nodes.values()].filter(({ status }) => status === 'ready').map(({ name }) => name);
  const found = await Promise.allSettled(ready.map(node => runTask(request, dockerInspectImage, { reference }, { node })));
  return ready[found.findIndex(({ status }) => status === 'fulfilled')];
}
