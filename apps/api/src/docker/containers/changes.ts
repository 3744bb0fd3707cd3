import { ApiError } from '@podman-api/errors';
import { containerOperations, type Operation } from '@podman-api/operations';
import { readBody } from '../../request/body.ts';
import { BodyReader } from '../body-reader.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { type DockerRequest, type DockerRoute, param, queryFlag, queryInteger, queryText } from '../route.ts';
import { type RunOptions, runTask } from '../run-task.ts';

/** Seconds that podman waits by default between SIGTERM and SIGKILL. */
const defaultStopSeconds = 10;

/** Longest time between SIGTERM and SIGKILL in seconds. */
const maxStopSeconds = 300;

/** Runs an operation on a container and responds with 204. */
async function change<Input extends object>(
  request: DockerRequest,
  operation: Operation<Input>,
  input: NoInfer<Input>,
  options: RunOptions = {},
): Promise<void> {
  await runTask(request, operation, input, options);
  request.ctx.status = 204;
}

/** Stops or restarts a container. The query parameter `t` has the seconds between SIGTERM and SIGKILL; -1 means as long as possible. */
function stop(request: DockerRequest, operation: Operation<{ readonly name: string; readonly timeout?: number }>): Promise<void> {
  const given = queryInteger(request, 't');
  const timeout = given === undefined || given >= 0 ? given : maxStopSeconds;
  const input = { name: nameOf(request), ...(timeout !== undefined && { timeout }) };
  return change(request, operation, input, { extraSeconds: timeout ?? defaultStopSeconds });
}

function nameOf(request: DockerRequest): string {
  return param(request, 'id');
}

const post = (name: string, handle: DockerRoute['handle']): DockerRoute => ({ method: 'POST', path: `/containers/:id/${name}`, handle });

/** The routes that change the state of a container. */
export const containerChanges: readonly DockerRoute[] = [
  post('stop', request => stop(request, containerOperations.stop)),
  post('restart', request => stop(request, containerOperations.restart)),
  post('kill', request => {
    const signal = queryText(request, 'signal');
    return change(request, containerOperations.kill, { name: nameOf(request), ...(signal !== undefined && { signal }) });
  }),
  post('pause', request => change(request, containerOperations.pause, { name: nameOf(request) })),
  post('unpause', request => change(request, containerOperations.unpause, { name: nameOf(request) })),
  post('rename', request => {
    const newName = queryText(request, 'name');
    if (newName === undefined) throw new ApiError('ValidationError', 'name is missing: give the new name of the container.');
    return change(request, containerOperations.rename, { name: nameOf(request), new_name: newName.replace(/^\//, '') });
  }),
  post('update', updateContainer),
  {
    method: 'DELETE',
    path: '/containers/:id',
    handle: request => change(request, containerOperations.remove, { name: nameOf(request), force: queryFlag(request, 'force') }),
  },
];

async function updateContainer(request: DockerRequest): Promise<void> {
  const body = new BodyReader(await readBody(request.ctx, request.parts.config.MAX_BODY));
  const restart = body.object('RestartPolicy');
  const [policy, times, cpus] = [restart.string('Name'), restart.number('MaximumRetryCount'), body.number('NanoCpus')];
  const limits = omitUndefined({
    memory: body.number('Memory'),
    cpus: cpus === undefined ? undefined : cpus / 1e9,
    pids_limit: body.number('PidsLimit'),
    restart_policy: policy === undefined || times === undefined ? policy : `${policy}:${times}`,
  });
  body.finish();
  await runTask(request, containerOperations.update, { name: nameOf(request), ...limits });
  request.ctx.body = { Warnings: [] };
}
