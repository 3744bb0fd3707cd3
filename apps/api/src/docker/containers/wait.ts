import { ApiError } from '@podman-api/errors';
import { dockerInspectContainer } from '@podman-api/operations';
import { onResponseEnd } from '../../request/response-end.ts';
import { onTokenEnd } from '../../request/token-end.ts';
import { type DockerRequest, type DockerRoute, param, queryText } from '../route.ts';
import { runTask } from '../run-task.ts';
import { awaitExit, type ExitWait, type WaitState, waitConditions } from './await-exit.ts';

/**
 * Waits for the end of a container. The headers are sent as soon as the wait has begun: `docker run` starts the container only then.
 * The wait follows the events of the fleet, and so needs no job while it lasts.
 */
export const waitForContainer: DockerRoute = {
  method: 'POST',
  path: '/containers/:id/wait',
  async handle(request) {
    const { ctx, parts } = request;
    const condition = readCondition(request);
    parts.streams.add(ctx);
    const ended = new AbortController();
    const endChecks = onTokenEnd(ctx, parts.tokens, () => ctx.res.destroy());
    onResponseEnd(ctx, () => ended.abort('gone'));
    const signal = AbortSignal.any([ended.signal, parts.stopping]);
    const events = parts.events.read('next', signal);
    try {
      // The first item reports that reading has begun.
      await events.next();
      const before = await readState(request, param(request, 'id'));
      const inspect = () => readState(request, before.id).catch(undefinedIfNotFound);
      ctx.status = 200;
      ctx.type = 'json';
      ctx.flushHeaders();
      ctx.body = await awaitExit({ before, condition, events, signal, inspect }).then(
        exitCode => ({ StatusCode: exitCode }),
        (error: unknown) => ({
          StatusCode: -1,
          Error: { Message: error instanceof ApiError ? error.message : 'The wait failed: inspect the container.' },
        }),
      );
    } finally {
      endChecks();
      ended.abort('over');
      await events.return(undefined);
    }
  },
};

function readCondition(request: DockerRequest): ExitWait['condition'] {
  const given = queryText(request, 'condition') ?? 'not-running';
  const condition = waitConditions.find(one => one === given);
  if (condition) return condition;
  throw new ApiError('ValidationError', `condition must be one of ${waitConditions.join(', ')}.`);
}

async function readState(request: DockerRequest, name: string): Promise<WaitState> {
  const { Id, State } = await runTask(request, dockerInspectContainer, { name });
  return {
    id: Id,
    isRunning: State.Running,
    finishedAt: State.FinishedAt,
    changedAtMs: Math.max(Date.parse(State.StartedAt), Date.parse(State.FinishedAt)),
    exitCode: !State.Running && Date.parse(State.FinishedAt) > 0 ? State.ExitCode : undefined,
  };
}

function undefinedIfNotFound(error: unknown): undefined {
  if (error instanceof ApiError && error.type === 'NotFoundError') return undefined;
  throw error;
}
