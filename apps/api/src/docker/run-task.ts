import { type AwaitedCall, noNodesError } from '@podman-api/cluster';
import { ApiError } from '@podman-api/errors';
import { enforcePolicy, type RequestedTask, validateInput } from '@podman-api/operations';
import { requesterOf } from '../context.ts';
import { requiredResources, withLimitedTtl } from '../request/quotas.ts';
import { recordChange } from '../request/record-change.ts';
import { hasScope, missingScope } from '../request/scope.ts';
import { createWait, type Wait } from '../request/wait.ts';
import { nodesFor } from '../routes/operations/all-nodes.ts';
import { dispatchByReach } from '../routes/operations/dispatch-by-reach.ts';
import { readLateOutcome, taskResultOf, waitTimeoutError } from '../routes/operations/outcome.ts';
import type { DockerRequest } from './route.ts';

/** Options for running a task for a Docker client. */
export interface RunOptions {
  /** The node; default: the node of the session, else a node chosen by the reach of the task. */
  readonly node?: string | undefined;
  /** Seconds that are added to REQUEST_TIMEOUT, for a task that may take long. */
  readonly extraSeconds?: number;
  /** Whether the job and the wait for its outcome continue after the client disconnects. */
  readonly isDetached?: boolean;
  /** Called with the id of each job before it is submitted. */
  readonly onBeforeSubmit?: (id: string) => Promise<void>;
  /** Called with the id of the job when it has been submitted. */
  readonly onSubmitted?: (id: string) => void;
}

/** Longest wait for a job that has only its own time limit: JOB_TIMEOUT is at most a day. */
export const dayInSeconds = 86_400;

/**
 * Runs a task on one node for a Docker client as the REST API runs an operation: the scope of the token, the schema, the policy and the
 * quotas are checked, and a job is submitted.
 * @throws ApiError for every outcome but success; Error for a task that runs on all nodes, see `runOnAllNodes`
 */
export async function runTask<Input extends object, Result extends object>(
  request: DockerRequest,
  task: RequestedTask<Input, Result>,
  input: NoInfer<Input>,
  options: RunOptions = {},
): Promise<Result> {
  const { reach } = task;
  if (reach === 'all') throw new Error(`${task.name} runs on all nodes: use runOnAllNodes`);
  return withWaits(request, options, async startWait => {
    const { parts, ctx } = request;
    const call = createCall(request, task, input, options, startWait);
    // Everything of a session is on one node; the directory knows the node of a container.
    const node = options.node ?? (reach === 'container' ? undefined : ctx.state.dockerSession?.node);
    const { id, outcome } = await dispatchByReach(parts.dispatcher, call, reach, input, node);
    return taskResultOf(task, id, outcome ?? (await readLateOutcome(parts.jobs, id)));
  });
}

/**
 * Runs a task whose result is a list, as `runTask` does, on all nodes that are not offline; with a node, or in a session, on that node.
 * @returns one list with the results of all nodes
 * @throws ApiError the first error, if one fails; (503) if all nodes are offline
 */
export function runOnAllNodes<Input extends object, Item>(
  request: DockerRequest,
  task: RequestedTask<Input, readonly Item[]>,
  input: NoInfer<Input>,
  { node }: Pick<RunOptions, 'node'> = {},
): Promise<readonly Item[]> {
  return withWaits(request, {}, async startWait => {
    const { parts, ctx } = request;
    const call = createCall(request, task, input, {}, startWait);
    const onlyNode = node ?? ctx.state.dockerSession?.node;
    const nodes = onlyNode === undefined ? reachableNodes(request) : nodesFor(onlyNode, parts.fleet);
    const answers = await parts.dispatcher.runOnNodes(call, nodes, { signal: startWait() });
    const results = answers.flatMap(({ job = '', outcome, error }) => {
      if (error) throw error;
      if (!outcome) throw waitTimeoutError(job, 'running');
      return taskResultOf(task, job, outcome);
    });
    const [first] = answers;
    if (first?.job !== undefined) ctx.state.jobId = first.job;
    return results;
  });
}

/** Calls a function that may start waits for jobs, and ends them afterwards: a response may run many tasks. */
async function withWaits<Result>(
  { ctx, parts: { config, stopping } }: DockerRequest,
  { isDetached = false, extraSeconds = 0 }: RunOptions,
  use: (startWait: AwaitedCall['startWait']) => Promise<Result>,
): Promise<Result> {
  const waits: Wait[] = [];
  const startWait = () => {
    const wait = createWait(isDetached ? undefined : ctx, config.REQUEST_TIMEOUT + extraSeconds, stopping);
    waits.push(wait);
    return wait.signal;
  };
  try {
    return await use(startWait);
  } finally {
    for (const wait of waits) wait.end();
  }
}

/**
 * Validates and authorizes a task as `runTask` does, without running it.
 * @returns the validated input
 * @throws ApiError (400) by the schema, (403) by the scope of the token or the policy
 */
export function checkTask<Input extends object>(request: DockerRequest, task: RequestedTask<Input>, input: NoInfer<Input>): Input {
  const checked = validateInput(task, input);
  auditRefusal(request, task, checked, () => authorize(request, task, checked));
  return checked;
}

/** Validates and authorizes a task, and returns its call for the dispatcher. @throws ApiError as `checkTask` */
function createCall<Input extends object>(
  request: DockerRequest,
  task: RequestedTask<Input>,
  input: Input,
  options: RunOptions,
  startWait: AwaitedCall['startWait'],
): AwaitedCall {
  const { ctx } = request;
  const { token } = ctx.state;
  const checked = validateInput(task, input);
  return auditRefusal(request, task, checked, () => {
    authorize(request, task, checked);
    return {
      ...requesterOf(ctx),
      type: task,
      input: withLimitedTtl(task, checked, token),
      reservedName: task.reservedName?.(checked),
      quotas: token?.quotas,
      resources: requiredResources(task, checked, token),
      isDetached: options.isDetached ?? false,
      shouldAwaitDetached: true,
      ...(options.onBeforeSubmit && { onBeforeSubmit: options.onBeforeSubmit }),
      startWait,
      onSubmitted(id) {
        ctx.state.jobId = id;
        options.onSubmitted?.(id);
      },
    };
  });
}

/** @throws ApiError (403) by the scope of the token or the policy */
function authorize<Input extends object>({ ctx, parts }: DockerRequest, task: RequestedTask<Input>, checked: Input): void {
  if (!hasScope(ctx, task.scope)) throw missingScope(ctx, task.scope);
  enforcePolicy(task, checked, parts.policy);
}

/** Calls a function that checks whether a change is allowed, and records a refusal in the audit log. */
function auditRefusal<Input extends object, Result>(
  { ctx, parts }: DockerRequest,
  task: RequestedTask<Input>,
  checked: Input,
  check: () => Result,
): Result {
  try {
    return check();
  } catch (error) {
    if (error instanceof ApiError && error.type === 'ForbiddenError' && task.changes(checked)) {
      recordChange(ctx, parts.audit, { operation: task.name, outcome: 'refused', container: containerOf(checked) });
    }
    throw error;
  }
}

/**
 * Returns the names of the nodes that are not offline: waiting for the others would delay the response.
 * @throws ApiError (503) if there is none
 */
export function reachableNodes({ parts: { fleet } }: DockerRequest): readonly string[] {
  const present = [...fleet.nodes.values()].filter(({ status }) => status !== 'offline').map(({ name }) => name);
  if (present.length === 0) throw noNodesError();
  return present;
}

/** Returns the field `name` of an input, which names the container of an operation on one; `null` if it has none. */
function containerOf(input: object): string | null {
  return 'name' in input && typeof input.name === 'string' ? input.name : null;
}
