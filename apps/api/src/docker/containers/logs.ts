import { ApiError } from '@podman-api/errors';
import { dockerInspectContainer } from '@podman-api/operations';
import { frame } from '../hijack.ts';
import { field, objectField, textField } from '../json.ts';
import { type DockerRequest, type DockerRoute, notImplemented, param, queryFlag, queryText } from '../route.ts';
import { operationNamed, runTask } from '../run-task.ts';

/** Returns the log of a container. */
export const readLogs: DockerRoute = {
  method: 'GET',
  path: '/containers/:id/logs',
  async handle(request) {
    const name = param(request, 'id');
    if (queryFlag(request, 'follow')) throw notImplemented('follow', 'read the log again');
    const { ctx } = request;
    const container = await runTask(request, dockerInspectContainer, { name });
    const log = await runTask(request, operationNamed('container.logs'), { name, ...readQuery(request) });
    const isTerminal = field(objectField(container, 'Config'), 'Tty') === true;
    const bytes = Buffer.from(textField(log, 'logs'));
    ctx.body = isTerminal || bytes.length === 0 ? bytes : frame('stdout', bytes);
    ctx.type = isTerminal ? 'application/vnd.docker.raw-stream' : 'application/vnd.docker.multiplexed-stream';
  },
};

function readQuery(request: DockerRequest): object {
  if (!queryFlag(request, 'stdout') && !queryFlag(request, 'stderr')) {
    throw new ApiError('ValidationError', 'you must choose at least one stream: add stdout=true or stderr=true.');
  }
  const tail = queryText(request, 'tail') ?? 'all';
  const [since, until] = ['since', 'until'].map(name => queryText(request, name)).map(time => (time === '0' ? undefined : time));
  return {
    tail: /^\d+$/.test(tail) ? tail : 'all',
    timestamps: queryFlag(request, 'timestamps'),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}
