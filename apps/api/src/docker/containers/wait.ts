import type { FleetEvent } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import { dockerInspectContainer } from '@podman-api/operations';
import { onResponseEnd } from '../../request/response-end.ts';
import { onTokenEnd } from '../../request/token-end.ts';
import { type DockerRequest, type DockerRoute, param, queryText } from '../route.ts';
import { runTask } from '../run-task.ts';

const conditions = ['not-running', 'next-exit', 'removed'] as const;

/** Conditions that a client can wait for. */
type Condition = (typeof conditions)[number];

/** State of a container at one time. */
interface WaitState {
  readonly id: string;
  readonly isRunning: boolean;
  readonly finishedAt: string;
  /** When it last started or ended, in ms since 1970. An event from before that arrived late and is ignored. */
  readonly changedAtMs: number;
  readonly exitCode: number;
}

/** Time after which the container is inspected again, in case an event was lost. */
const recheckIntervalMs = 15_000;

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
      ctx.status = 200;
      ctx.type = 'json';
      ctx.flushHeaders();
      ctx.body = await waitFor(request, before, condition, events, signal).then(
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

function readCondition(request: DockerRequest): Condition {
  const given = queryText(request, 'condition') ?? 'not-running';
  const condition = conditions.find(one => one === given);
  if (condition) return condition;
  throw new ApiError('ValidationError', `condition must be one of ${conditions.join(', ')}.`);
}

async function readState(request: DockerRequest, name: string): Promise<WaitState> {
  const { Id, State } = await runTask(request, dockerInspectContainer, { name });
  return {
    id: Id,
    isRunning: State.Running,
    finishedAt: State.FinishedAt,
    changedAtMs: Math.max(Date.parse(State.StartedAt), Date.parse(State.FinishedAt)),
    exitCode: State.ExitCode,
  };
}

/**
 * Waits until a condition of a container holds: by the events of the fleet, and by inspecting it regularly and after a gap in the events.
 * @param before its state when the wait began
 * @param events those after the first item of the reader, which has no event
 * @returns the exit code of the container
 * @throws ApiError (503) when this process stops
 */
async function waitFor(
  request: DockerRequest,
  before: WaitState,
  condition: Condition,
  events: AsyncGenerator<{ readonly event?: FleetEvent }>,
  signal: AbortSignal,
): Promise<number> {
  let { exitCode } = before;
  let hasExited = condition === 'not-running' && !before.isRunning;
  // It may fail while something else is awaited: its error is thrown when it is awaited.
  const readNext = () => {
    const item = events.next();
    item.catch(() => {});
    return item;
  };
  let next = readNext();
  let checkedAtMs = Date.now();
  while (!hasExited) {
    const recheck = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => recheck.resolve(undefined), checkedAtMs + recheckIntervalMs - Date.now());
    const item = await Promise.race([next, recheck.promise]).finally(() => clearTimeout(timer));
    if (item?.done || signal.aborted)
      throw new ApiError('ServiceUnavailableError', 'The service is shutting down: send the request again.');
    if (item) next = readNext();
    const event = item?.value.event;
    if (item && !event) continue;
    if (event && event.type !== 'gap') {
      if (event.type !== 'container' || !before.id.startsWith(event.resource_id)) continue;
      if (event.action === 'remove') return exitCode;
      if (event.action !== 'died' || Date.parse(event.time) <= before.changedAtMs) continue;
      exitCode = event.exit_code ?? exitCode;
      hasExited = condition !== 'removed';
      continue;
    }
    checkedAtMs = Date.now();
    const now = await readState(request, before.id).catch(undefinedIfNotFound);
    if (!now) return exitCode;
    exitCode = now.exitCode;
    hasExited = condition !== 'removed' && !now.isRunning && (condition === 'not-running' || now.finishedAt !== before.finishedAt);
  }
  return exitCode;
}

function undefinedIfNotFound(error: unknown): undefined {
  if (error instanceof ApiError && error.type === 'NotFoundError') return undefined;
  throw error;
}
