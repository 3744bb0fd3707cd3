import { ApiError, JobOutcomeError } from '@podman-api/errors';
import type { AttachResult, Podman } from '@podman-api/podman';
import { failedFor } from '../../container/failed-for.ts';
import { podmanProcessEnv } from '../../container/job-processes.ts';
import { type InspectEntry, readEntry } from '../../container/lookup/inspect-entry.ts';
import type { SetUpContainer } from '../../container/mounts/start-verified.ts';
import { shortId } from '../../container/short-id.ts';
import type { TaskContext } from '../../operation.ts';
import type { RunVerdict } from './result.ts';

/** Time between SIGTERM and SIGKILL at the time limit, as for an exec. */
const graceSeconds = 2;
/** Limit for reading the state of a container that has ended. */
const readTimeoutMs = 60_000;

/** Parameters of `executeRun`. */
export interface RunExecution {
  readonly setUp: SetUpContainer;
  readonly stdin: string | undefined;
  /** Time limit of the command from its start; `undefined` if only that of the job counts. */
  readonly limitMs: number | undefined;
}

/**
 * Starts the command of a container that is set up, and waits for its end. At the time limit, its own or that of the job, the
 * container is stopped. Its output goes to `context.output` as it arrives.
 * @throws the reason of the signal if the job was cancelled; the container has been stopped then
 * @throws ApiError if the command was not started; JobOutcomeError (unknown) if its end was not observed
 */
export async function executeRun(podman: Podman, { setUp, stdin, limitMs }: RunExecution, context: TaskContext): Promise<RunVerdict> {
  const { id, pid } = setUp;
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stopWaiting = onceStarted(context, id, () => {
    if (limitMs !== undefined) timer = setTimeout(() => limit.abort(timedOut()), limitMs);
  });
  const signal = AbortSignal.any([context.signal, limit.signal]);
  try {
    const stop = () => stopContainer(podman, id, isTimeLimit(signal) ? graceSeconds : 0);
    const attached = await podman.startAttached(
      { container: id, pid, ...(stdin !== undefined && { stdin }) },
      { signal, stop, env: podmanProcessEnv(context), take: context.output },
    );
    const isEnded = attached.exitCode === null;
    if (isEnded && !signal.aborted) throw unknown('podman was ended by a signal from outside, so that output may be missing');
    if (isEnded && !isTimeLimit(signal)) throw signal.reason;
    const verdict = verdictOf(await readState(podman, id), attached, isEnded);
    if (attached.faultText) await context.output('stderr', attached.faultText);
    return verdict;
  } finally {
    stopWaiting();
    clearTimeout(timer);
  }
}

/**
 * Calls back when a container has started, according to podman's events, or to a list of podman if the event is lost. On a busy
 * host, podman takes seconds to start a command, which do not count towards the command's time limit.
 * @returns a function that ends the wait
 */
function onceStarted({ containers }: Pick<TaskContext, 'containers'>, id: string, callback: () => void): () => void {
  const unsubscribe = containers.subscribe({
    onEvent(event) {
      if (event.id === shortId(id) && event.status === 'start') onStart();
    },
    onList(listed) {
      if (listed.get(shortId(id))?.status === 'running') onStart();
    },
    onStop() {},
  });
  function onStart() {
    unsubscribe();
    callback();
  }
  return unsubscribe;
}

function verdictOf(state: InspectEntry['State'], { usage, fault }: AttachResult, timed_out: boolean): RunVerdict {
  if (Date.parse(state.StartedAt) <= 0) throw timed_out ? timedOut() : (fault ?? notStarted());
  if (state.Status !== 'exited' && state.Status !== 'stopped') throw unknown(`the container is ${state.Status} after podman has ended`);
  return {
    exit_code: state.ExitCode,
    success: state.ExitCode === 0 && !timed_out,
    duration_ms: Math.max(0, Date.parse(state.FinishedAt) - Date.parse(state.StartedAt)),
    timed_out,
    // Podman 4.3 does not notice it on hosts with cgroups v1 (measured).
    oom_killed: state.OOMKilled || (usage.oomKills ?? 0) > 0,
    usage: { cpu_ms: usage.cpuMs, max_memory: usage.maxMemoryBytes },
  };
}

async function readState(podman: Podman, id: string): Promise<InspectEntry['State']> {
  try {
    return (await readEntry(podman, id, AbortSignal.timeout(readTimeoutMs))).State;
  } catch (error) {
    throw failedFor('no-container', error) ? unknown('the container was removed while its command ran') : error;
  }
}

/** Stops a container. A container that was removed meanwhile counts as stopped. */
async function stopContainer(podman: Podman, id: string, seconds: number): Promise<void> {
  await podman.run(['stop', `--time=${seconds}`, '--', id]).catch(error => {
    if (!failedFor('no-container', error)) throw error;
  });
}

function isTimeLimit({ reason }: AbortSignal): boolean {
  return reason instanceof JobOutcomeError && reason.outcome === 'timed_out';
}

function timedOut(): JobOutcomeError {
  return new JobOutcomeError('timed_out', 'The time limit was reached before podman had started the command: allow more time.');
}

function notStarted(): ApiError {
  return new ApiError('ConflictError', 'Something else stopped the container before its command was started: send the request again.');
}

function unknown(why: string): JobOutcomeError {
  return new JobOutcomeError('unknown', `The outcome is unknown: ${why}.`);
}
