import { ApiError } from '@podman-api/errors';
import { readBody } from '../../request/body.ts';
import { BodyReader } from '../body-reader.ts';
import { type DockerRequest, type DockerRoute, param, queryFlag, queryInteger, queryText } from '../route.ts';
import { operationNamed, type RunOptions, runTask } from '../run-task.ts';

/** Seconds that podman waits by default between SIGTERM and SIGKILL. */
const defaultStopSeconds = 10;

/** Runs an operation on a container and answers 204. */
async function change(request: DockerRequest, operation: string, input: object, options: RunOptions = {}): Promise<void> {
  await runTask(request, operationNamed(operation), { name: param(request, 'id'), ...input }, options);
  request.ctx.status = 204;
}

/** Returns the seconds between SIGTERM and SIGKILL; a negative value means as long as possible. */
function stopOptions(request: DockerRequest): { readonly input: { readonly timeout?: number }; readonly options: RunOptions } {
  const given = queryInteger(request, 't');
  const timeout = given === undefined || given >= 0 ? given : 300;
  return { input: timeout === undefined ? {} : { timeout }, options: { extraSeconds: timeout ?? defaultStopSeconds } };
}

const post = (name: string, handle: DockerRoute['handle']): DockerRoute => ({ method: 'POST', path: `/containers/:id/${name}`, handle });

/** The routes that change the state of a container. */
export const containerChanges: readonly DockerRoute[] = [
  post('stop', request => {
    const { input, options } = stopOptions(request);
    return change(request, 'container.stop', input, options);
  }),
  post('restart', request => {
    const { input, options } = stopOptions(request);
    return change(request, 'container.restart', input, options);
  }),
  post('kill', request => {
    const signal = queryText(request, 'signal');
    return change(request, 'container.kill', signal === undefined ? {} : { signal });
  }),
  post('pause', request => change(request, 'container.pause', {})),
  post('unpause', request => change(request, 'container.unpause', {})),
  post('rename', request => {
    const name = queryText(request, 'name');
    if (name === undefined) throw new ApiError('ValidationError', 'name is missing: give the new name of the container.');
    return change(request, 'container.rename', { new_name: name.replace(/^\//, '') });
  }),
  post('update', updateContainer),
  {
    method: 'DELETE',
    path: '/containers/:id',
    handle: request => change(request, 'container.remove', { force: queryFlag(request, 'force') }),
  },
];

async function updateContainer(request: DockerRequest): Promise<void> {
  const body = new BodyReader(await readBody(request.ctx, request.parts.config.MAX_BODY));
  const restart = body.object('RestartPolicy');
  const [policy, times, cpus] = [restart.string('Name'), restart.number('MaximumRetryCount'), body.number('NanoCpus')];
  const limits = {
    memory: body.number('Memory'),
    cpus: cpus === undefined ? undefined : cpus / 1e9,
    pids_limit: body.number('PidsLimit'),
    restart_policy: policy === undefined || times === undefined ? policy : `${policy}:${times}`,
  };
  body.finish();
  const given = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
  await runTask(request, operationNamed('container.update'), { name: param(request, 'id'), ...given });
  request.ctx.body = { Warnings: [] };
}
