import { containerOperations, dockerInspectImage } from '@podman-api/operations';
import { localReference } from '../image-names.ts';
import { type DockerRequest, type DockerRoute, queryFlag, queryText } from '../route.ts';
import { runTask } from '../run-task.ts';

/** Creates an image from a container. */
export const commitContainer: DockerRoute = {
  method: 'POST',
  path: '/commit',
  async handle(request) {
    const name = queryText(request, 'container') ?? '';
    const message = queryText(request, 'comment');
    const author = queryText(request, 'author');
    const { id } = await runTask(request, containerOperations.commit, {
      name,
      reference: referenceOf(request),
      pause: queryFlag(request, 'pause', true),
      ...(message !== undefined && { message }),
      ...(author !== undefined && { author }),
      ...changesOf(request),
    });
    // By the id, because another node may have another image with this name.
    const { Id } = await runTask(request, dockerInspectImage, { reference: id });
    request.ctx.status = 201;
    request.ctx.body = { Id };
  },
};

function referenceOf(request: DockerRequest): string {
  const [repository = 'committed', tag] = [queryText(request, 'repo'), queryText(request, 'tag')];
  return localReference(tag === undefined ? repository : `${repository}:${tag}`);
}

function changesOf({ ctx }: DockerRequest): { readonly changes?: readonly string[] } {
  const given = ctx.query['changes'];
  const changes = (Array.isArray(given) ? given : [given ?? '']).filter(text => text !== '');
  return changes.length === 0 ? {} : { changes };
}
