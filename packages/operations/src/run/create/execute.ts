import { ApiError, JobOutcomeError, unknownOutcomeError } from '@podman-api/errors';
import type { AttachResult, Podman } from '@podman-api/podman';
import { failedFor } from '../../container/failed-for.ts';
import { podmanProcessEnv } from '../../container/job-processes.ts';
import { type InspectEntry, readEntry } from '../../container/lookup/inspect-entry.ts';
import type { SetUpContainer } from '../../container/mounts/start-verified.ts';
import { hasEnded } from '../../container/status.ts';
import type { TaskContext } from '../../operation.ts';
import { shortId } from '../../short-id.ts';
import type { RunVerdict } from './result.ts';

/** Time between SIGTERM and SIGKILL at the time limit, as for an exec. */
const graceSeconds = 2;
/** Exit code of a process that SIGKILL has ended. */
const killedExitCode = 137;
/** Time limit for reading the state of a container that has ended. */
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
 * @throws the reason of the signal if the container was stopped because the job was cancelled or the worker shut down; a command
 * that had ended by itself keeps its outcome
 * @throws ApiError if the command was not started; JobOutcomeError (unknown) if its end was not observed
 */
export async function executeRun(podman: Podman, { setUp, stdin, limitMs }: RunExecution, context: TaskContext): Promise<RunVerdict> {
  const { id, pid } = setUp;
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stopWaiting = onceStarted(context, id, () => {
    if (limitMs !== undefined) timer = setTimeout(() => limit.abort(timeoutError()), limitMs);
  });
  const signal = AbortSignal.any([context.signal, limit.signal]);
  try {
    let stoppedAtMs: number | undefined;
    const stop = async () => {
      stoppedAtMs ??= Date.now();
      await stopContainer(podman, id, isTimeLimit(signal) ? graceSeconds : 0);
      // Whether this has ended the command is read from the state of the container.
      return false;
    };
    const attached = await podman.startAttached(
      { container: id, pid, ...(stdin !== undefined && { stdin }) },
      { signal, stop, env: podmanProcessEnv(context), onOutput: context.output },
    );
    if (attached.exitCode === null && !signal.aborted) throw missingOutputError();
    const state = await readState(podman, id);
    const wasStopped = !hasEndedItself(state, stoppedAtMs, signal);
    if (wasStopped && !isTimeLimit(signal)) throw signal.reason;
    if (attached.exitCode === null && !wasStopped) throw missingOutputError();
    const verdict = verdictOf(state, attached, wasStopped);
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
  });
  function onStart() {
    unsubscribe();
    callback();
  }
  return unsubscribe;
}

function verdictOf(state: InspectEntry['State'], { usage, fault }: AttachResult, timed_out: boolean): RunVerdict {
  if (Date.parse(state.StartedAt) <= 0) throw timed_out ? timeoutError() : (fault ?? notStartedError());
  if (!hasEnded(state.Status)) throw unknownOutcomeError(`the container is ${state.Status} after podman has ended`);
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
    throw failedFor('no-container', error) ? unknownOutcomeError('the container was removed while its command ran') : error;
  }
}

/**
 * Returns whether the command ended by itself, and not because its container was stopped. Podman takes a while to report the end of
 * a command, on a busy host several seconds, and a stop may come in that time.
 * @param stoppedAtMs when the stop was requested; `undefined` if it was not
 */
function hasEndedItself(
  { StartedAt, FinishedAt, ExitCode }: InspectEntry['State'],
  stoppedAtMs: number | undefined,
  signal: AbortSignal,
): boolean {
  if (stoppedAtMs === undefined) return true;
  if (Date.parse(StartedAt) <= 0) return false;
  // Without a grace period, podman sends SIGKILL and nothing else.
  return Date.parse(FinishedAt) <= stoppedAtMs || (!isTimeLimit(signal) && ExitCode !== killedExitCode);
}

/** Stops a container, also one that another caller has paused. A container that was removed meanwhile counts as stopped. */
async function stopContainer(podman: Podman, id: string, seconds: number): Promise<void> {
  const stop = () => podman.run(['stop', `--time=${seconds}`, '--', id]);
  try {
    await stop().catch(async error => {
      if (!failedFor('bad-state', error)) throw error;
      // Podman does not stop a paused container. If this one is not paused, the second stop fails with the first one's error.
      await podman.run(['unpause', '--', id]).catch(() => {});
      await stop();
    });
  } catch (error) {
    if (!failedFor('no-container', error)) throw error;
  }
}

function isTimeLimit({ reason }: AbortSignal): boolean {
  return reason instanceof JobOutcomeError && reason.outcome === 'timed_out';
}

function timeoutError(): JobOutcomeError {
  return new JobOutcomeError('timed_out', 'The time limit was reached before podman had started the command: allow more time.');
}

function notStartedError(): ApiError {
  return new ApiError('ConflictError', 'Something else stopped the container before its command was started: send the request again.');
}

function missingOutputError(): JobOutcomeError {
  return unknownOutcomeError('podman was ended by a signal, so that output may be missing');
}
