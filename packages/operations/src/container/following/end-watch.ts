import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { isActive } from '../status.ts';
import { StoppedChecks } from '../stopped-checks.ts';
import { subscribeToContainer } from './subscribe-to-container.ts';

/**
 * Delays after which a container that seems to run is checked again, in ms: podman reports that a container has died before it
 * records it (measured with 4.3), so one that died just before it is followed looks as if it ran. Without a change of podman's
 * state, this starts no process.
 */
const recheckDelaysMs = [500, 3000];
/** Pause before a container whose exit code is pending is checked again, see `StoppedChecks`. */
const exitCodePauseMs = 500;

/** Output of `podman container inspect`. */
interface FollowedContainer {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly started: string;
  readonly exitCode: number;
}

const format =
  '{"id":{{json .ID}},"name":{{json .Name}},"status":{{json .State.Status}},"started":{{json .State.StartedAt}},"exitCode":{{.State.ExitCode}}}';

/** A container that is followed until it ends. */
export interface EndWatch {
  /** The full id. */
  readonly id: string;
  readonly name: string;
  /** Aborted when the container has stopped or was removed; already if it was not running. */
  readonly ended: AbortSignal;
  /** Aborted when the job has to end: it is cancelled, has reached its time limit, or the worker shuts down. */
  readonly signal: AbortSignal;
  /** The exit code of a container that has ended; `null` if none was observed. */
  readonly exitCode: number | null;
  close(): void;
}

/**
 * Finds a container and watches for its end, by the events of the node. Callers for the same container share one podman process.
 * @throws ApiError (404) if there is no such container
 */
export async function watchEnd(podman: Podman, name: string, { containers, signal }: TaskContext): Promise<EndWatch> {
  signal.throwIfAborted();
  const subscription = subscribeToContainer(containers, 'open the stream again');
  const ended = new AbortController();
  const stopped = new AbortController();
  let exitCode: number | null = null;
  const end = (code: number | null) => {
    if (ended.signal.aborted) return;
    exitCode = code;
    ended.abort();
  };
  const timers: NodeJS.Timeout[] = [];
  let isClosed = false;
  const close = () => {
    isClosed = true;
    subscription.end();
    for (const timer of timers.splice(0)) clearTimeout(timer);
  };
  const checks = new StoppedChecks();
  const endIfStopped = ({ id, status, exitCode: code }: FollowedContainer) => {
    if (isActive(status) || ended.signal.aborted || isClosed) return;
    if (checks.isExitCodePending(status)) timers.push(setTimeout(() => recheck(id), exitCodePauseMs));
    else end(status === 'exited' ? code : null);
  };
  // If podman fails, the next list of containers shows the end.
  const recheck = (id: string) => void readFacts(podman, id).then(endIfStopped, () => {});
  const container = await readFacts(podman, name).catch((error: unknown) => {
    close();
    throw error;
  });
  const { id, started } = container;
  subscription.follow(id, {
    onEvent({ status, timeMs, exitCode: code }, isOld) {
      // An event from before the last start is about an earlier run.
      if (isOld || timeMs < Date.parse(started)) return;
      if (status === 'died') end(code);
      else if (status === 'remove') end(null);
    },
    onState(state) {
      if (!state) end(null);
      else if (!isActive(state.status)) recheck(id);
    },
    onStop: error => stopped.abort(error),
  });
  endIfStopped(container);
  if (!ended.signal.aborted) timers.push(...recheckDelaysMs.map(delayMs => setTimeout(() => recheck(id), delayMs)));
  return {
    id,
    name: container.name,
    ended: ended.signal,
    signal: AbortSignal.any([signal, stopped.signal]),
    get exitCode() {
      return exitCode;
    },
    close,
  };
}

async function readFacts(podman: Podman, name: string): Promise<FollowedContainer> {
  return JSON.parse(await podman.shared(['container', 'inspect', `--format=${format}`, '--', name]));
}
