import { ApiError, asApiError } from '@podman-api/errors';
import type { Task } from '@podman-api/operations';
import type { Outcome } from '../job.ts';
import { readHead } from '../record/record.ts';
import type { ClientParts } from './client.ts';
import type { Request } from './new-job.ts';
import { submit } from './submit.ts';

/** What a node came to that was asked something; without an outcome it did not answer in time. */
export interface NodeAnswer {
  readonly node: string;
  /** Its job; nothing where none could be added. */
  readonly job?: string;
  readonly outcome?: Outcome;
}

/** A worker that lives takes a read at once. A job that none has taken so long after it was added has no worker, in ms, ... */
const takenWithin = 750;
/** ... unless nodes are still answering: then there are many, or all are busy. As long as one did so lately, in ms. */
const lately = 500;
const lookEvery = 50;

/** A node that has been asked. */
interface Question {
  /** Its abort ends the wait. */
  readonly silent: AbortController;
  /** When its job was added, by `performance.now()`. */
  readonly added: number;
}

/**
 * Asks several nodes the same at once, and takes as long as the slowest that answers.
 * @param signal ends it; those that have not answered by then have no outcome
 * @throws ApiError where no job could be added at all
 */
export async function askNodes(
  parts: ClientParts,
  task: Task,
  input: object,
  nodes: readonly string[],
  request: Omit<Request, 'node' | 'detached'>,
  signal: AbortSignal,
): Promise<readonly NodeAnswer[]> {
  const waiting = new Map<string, Question>();
  let answered = performance.now();
  const ask = async (node: string, silent: AbortController): Promise<NodeAnswer | ApiError> => {
    try {
      const whole = { ...request, node, detached: false };
      const { id, ended } = await submit(parts, task, input, whole, silent.signal);
      waiting.set(id, { silent, added: performance.now() });
      const outcome = await ended.finally(() => waiting.delete(id));
      if (!outcome || outcome.status === 'withdrawn') return { node, job: id };
      answered = performance.now();
      return { node, job: id, outcome };
    } catch (error) {
      return asApiError(error);
    }
  };
  // One look at a time: where there is much to look at, Redis has enough to do.
  let looking = false;
  const watch = setInterval(() => {
    const now = performance.now();
    if (looking || now - answered < lately) return;
    looking = true;
    const late = [...waiting].filter(([, { added }]) => now - added > takenWithin);
    void Promise.all(late.map(([id, { silent }]) => endUntaken(parts, id, silent))).finally(() => {
      looking = false;
    });
  }, lookEvery);
  // Not `AbortSignal.any`: a thousand of them keep the garbage collector busy (measured).
  const questions = nodes.map(node => ({ node, silent: new AbortController() }));
  const endAll = () => {
    for (const { silent } of questions) silent.abort(signal.reason);
  };
  if (signal.aborted) endAll();
  signal.addEventListener('abort', endAll, { once: true });
  try {
    const answers = await Promise.all(questions.map(({ node, silent }) => ask(node, silent)));
    const [refused] = answers.filter(answer => answer instanceof ApiError);
    const told = answers.map((answer, index) => (answer instanceof ApiError ? { node: nodes[index] ?? '' } : answer));
    if (refused && told.every(({ job }) => job === undefined)) throw refused;
    return told;
  } finally {
    clearInterval(watch);
    signal.removeEventListener('abort', endAll);
  }
}

async function endUntaken({ redis }: ClientParts, id: string, silent: AbortController): Promise<void> {
  const record = await readHead(redis, id).catch(() => undefined);
  if (record?.status === 'queued') silent.abort('no worker has taken it');
}
