import { ApiError } from '@podman-api/errors';
import { type ContainerFile, containerOperations, type Operation } from '@podman-api/operations';
import { runTransfer } from '../../routes/operations/transfer.ts';
import { type DockerRequest, type DockerRoute, param, queryText } from '../route.ts';
import { checkTask, runTask } from '../run-task.ts';

/** Bits of Go's `fs.FileMode` for types of files. */
const typeBits: Readonly<Partial<Record<ContainerFile['type'], number>>> = {
  directory: 2 ** 31,
  symlink: 2 ** 27,
  block_device: 2 ** 26,
  character_device: 2 ** 26 + 2 ** 21,
  pipe: 2 ** 25,
  socket: 2 ** 24,
};

/** Sends a file or directory as a tar archive; for HEAD, only its description. */
const readArchive: DockerRoute = {
  method: 'GET',
  path: '/containers/:id/archive',
  async handle(request) {
    const { ctx } = request;
    const path = pathOf(request);
    const file = await runTask(request, containerOperations.statFile, { name: param(request, 'id'), path: withoutSlash(path) });
    ctx.set('X-Docker-Container-Path-Stat', Buffer.from(JSON.stringify(describe(file))).toString('base64'));
    if (ctx.method === 'HEAD') {
      ctx.status = 200;
      return;
    }
    await transfer(request, containerOperations.readArchive, path);
  },
};

/** Unpacks a tar archive in a directory. The container may be stopped, or not have been started yet. */
const writeArchive: DockerRoute = {
  method: 'PUT',
  path: '/containers/:id/archive',
  async handle(request) {
    await transfer(request, containerOperations.writeArchive, pathOf(request));
    request.ctx.status = 200;
    request.ctx.body = '';
  },
};

/** Sends or receives the archive of a path in the container of a request. */
async function transfer(
  request: DockerRequest,
  operation: Operation<{ readonly name: string; readonly path: string }>,
  path: string,
): Promise<void> {
  const { ctx, parts } = request;
  const input = checkTask(request, operation, { name: param(request, 'id'), path });
  await runTransfer(ctx, parts, operation, { input, prefer: { respondAsync: false, applied: '' } });
}

function pathOf(request: DockerRequest): string {
  const path = queryText(request, 'path');
  if (path === undefined) throw new ApiError('ValidationError', 'path is missing: name a file or directory in the container.');
  return path.startsWith('/') ? path : `/${path}`;
}

/** Removes a trailing `/` or `/.`, which would follow a symbolic link: clients ask about the path itself. */
function withoutSlash(path: string): string {
  return path.replace(/(?<=.)\/\.?$/, '') || '/';
}

/** Returns a file as the header `X-Docker-Container-Path-Stat` describes it. */
function describe({ name, size, mode, type, modified_at, symlink_target }: ContainerFile): object {
  return {
    name,
    size,
    mode: (typeBits[type] ?? 0) + (Number.parseInt(mode, 8) & 0o777),
    mtime: modified_at,
    linkTarget: symlink_target ?? '',
  };
}

/** The routes of archives. */
export const archiveRoutes: readonly DockerRoute[] = [readArchive, writeArchive];
