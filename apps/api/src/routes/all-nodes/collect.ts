import { ApiError } from '@podman-api/errors';
import type { Operation } from '@podman-api/operations';
import { type Asker, type NodeAnswer, noWorker, type QueueClient } from '@podman-api/queue';
import { notEnded, resultOf } from '../result.ts';

/** What is asked, of whom, and for whom. */
export interface Question {
  readonly operation: Operation;
  readonly input: object;
  readonly nodes: readonly string[];
  readonly asker: Asker;
}

/** What nodes have answered. */
export interface Collected {
  /** What all have, as a list in JSON: made once, however many callers share it. */
  readonly json: string;
  readonly unreachable: readonly string[];
  /** The job, where one node was asked. */
  readonly job: string | undefined;
}

/**
 * Asks nodes for lists.
 * @throws ApiError where none has answered
 */
export async function collect(queue: QueueClient, question: Question, signal: AbortSignal): Promise<Collected> {
  const [only, ...others] = question.nodes;
  return only !== undefined && others.length === 0 ? ofOne(queue, question, only, signal) : ofSeveral(queue, question, signal);
}

async function ofOne(queue: QueueClient, { operation, input, asker }: Question, node: string, signal: AbortSignal): Promise<Collected> {
  const { fleet } = queue;
  const refusal = fleet.isRedisAvailable && !fleet.takes(node) ? noWorker(node) : undefined;
  const { id, ended } = await queue.submit(operation, input, { ...asker, node, refusal, detached: false }, signal);
  const outcome = await ended;
  if (!outcome) throw notEnded(id, (await queue.view(id))?.status ?? 'running');
  return { json: JSON.stringify(resultOf(operation, id, outcome)), unreachable: [], job: id };
}

async function ofSeveral(queue: QueueClient, { operation, input, nodes, asker }: Question, signal: AbortSignal): Promise<Collected> {
  const { fleet } = queue;
  const alive = fleet.isRedisAvailable ? nodes.filter(node => fleet.takes(node)) : nodes;
  if (alive.length === 0) throw noWorker(nodes.join(', '));
  const answers = await queue.ask(operation, input, alive, asker, signal);
  const told = answers.filter(({ outcome }) => outcome?.status === 'succeeded');
  if (told.length === 0) throw whyNone(answers);
  const names = new Set(told.map(({ node }) => node));
  return {
    json: JSON.stringify(told.flatMap(({ job = '', outcome }) => listIn(outcome && resultOf(operation, job, outcome)))),
    unreachable: nodes.filter(node => !names.has(node)),
    job: undefined,
  };
}

function listIn(result: object | undefined): readonly unknown[] {
  return Array.isArray(result) ? result : [];
}

/** Why no node has answered: the first failure that one told, or that none was in time. */
function whyNone(answers: readonly NodeAnswer[]): ApiError {
  const [failed] = answers.flatMap(({ outcome }) => (outcome?.error ? [outcome.error] : []));
  if (failed) return ApiError.from(failed);
  return new ApiError(
    'ServiceUnavailableError',
    'No node answered in time: send the request again, or ask for a longer wait (Prefer: wait=30).',
  );
}
