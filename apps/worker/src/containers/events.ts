import { setTimeout as delay } from 'node:timers/promises';
import { type ContainerEvent, jobLabel, shortId } from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';

/** An event of podman. */
export interface PodmanEvent {
  readonly type: 'container' | 'image' | 'network' | 'volume';
  /** Podman's name for the change, such as `create`. */
  readonly action: string;
  /** The full id of a container or image; `''` for others. */
  readonly id: string;
  readonly name: string;
  /** The image of a container. */
  readonly image: string;
  /** ISO 8601 in UTC. */
  readonly time: string;
  /** Of a container that died; negative or `null` if podman did not observe it. */
  readonly exitCode: number | null;
  /** Health in a `health_status`; else `''`. */
  readonly health: string;
  /** Whether a job of this service created the container. */
  readonly isOfJob: boolean;
}

/** Lifetime of a `podman events` process, so that an orphan exits by itself. */
const followDurationMs = 300_000;
/** Overlap of two consecutive processes, so that no event is lost between them. */
const overlapMs = 2000;
/** Pause before the next process is started. */
const restartDelayMs = 1000;
const nanosecondsPerMs = 1e6;
/** Longest name in an event. */
const maxNameLength = 512;

const types = ['container', 'image', 'network', 'volume'];
/** Actions that are forwarded: without `exec`, `attach`, `init`, `cleanup`, `mount` and others that each exec or start adds. */
const actions = [
  ...['create', 'start', 'restart', 'stop', 'kill', 'died', 'pause', 'unpause', 'rename', 'update', 'remove', 'health_status'],
  ...['checkpoint', 'restore', 'commit', 'export', 'import', 'pull', 'push', 'build', 'load', 'save', 'tag', 'untag', 'prune'],
  ...['connect', 'disconnect', 'exec_died'],
];
const filters = [...types.map(type => `--filter=type=${type}`), ...actions.map(action => `--filter=event=${action}`)];

const json = (value: string) => `{{json ${value}}}`;
const short = (value: string) => json(`(printf "%.${maxNameLength}s" ${value})`);
/** A Go template for these fields alone: an event has all labels of its container, however large (podman-events(1)). */
const format = `{${Object.entries({
  type: json('.Type'),
  action: json('.Status'),
  id: json('.ID'),
  name: `{{if .Name}}${short('.Name')}{{else}}${short('.Network')}{{end}}`,
  image: short('.Image'),
  // Podman 5 has seconds in `Time`, and podman 4 no `TimeNano`.
  time: '"{{if eq (printf "%T" .Time) "int64"}}{{.TimeNano}}{{else}}{{.Time.UnixNano}}{{end}}"',
  exitCode: json('.ContainerExitCode'),
  health: json('.HealthStatus'),
  isOfJob: `{{if index .Attributes "${jobLabel}"}}true{{else}}false{{end}}`,
} satisfies Record<keyof PodmanEvent, string>)
  .map(([field, value]) => `"${field}":${value}`)
  .join()}}`;

/**
 * Follows podman's events on this host until the signal is aborted. Events may come from other storages and may be repeated.
 * @param sinceMs time of the first event, in ms since 1970
 * @param onRestart called whenever following starts (again)
 */
export async function followEvents(
  podman: Pick<Podman, 'follow'>,
  sinceMs: number,
  onEvent: (event: PodmanEvent) => void,
  onRestart: () => void,
  signal: AbortSignal,
): Promise<void> {
  let fromMs = sinceMs;
  while (!signal.aborted) {
    const untilMs = Date.now() + followDurationMs;
    const bounds = [`--since=${new Date(fromMs).toISOString()}`, `--until=${new Date(untilMs).toISOString()}`];
    onRestart();
    const startedAtMs = Date.now();
    await podman.follow(['events', `--format=${format}`, ...filters, ...bounds], line => parseLine(line, onEvent), signal);
    // A process that failed at once reported nothing, so the next one starts from the same time.
    if (Date.now() - startedAtMs >= overlapMs) fromMs = Date.now() - overlapMs;
    await delay(restartDelayMs, undefined, { signal }).catch(() => {});
  }
}

function parseLine(line: string, onEvent: (event: PodmanEvent) => void): void {
  let event: PodmanEvent;
  try {
    event = JSON.parse(line);
  } catch {
    // An incomplete last line of a terminated process is reported again by the next process.
    return;
  }
  onEvent({ ...event, time: new Date(Number(event.time) / nanosecondsPerMs).toISOString() });
}

const feedStatuses = [
  'create',
  'remove',
  'rename',
  'start',
  'unpause',
  'died',
  'health_status',
  'exec_died',
] as const satisfies readonly ContainerEvent['status'][];

/** Returns an event for the listeners of this host's containers; `undefined` if it does not concern them. */
export function toContainerEvent({ type, action, id, time, exitCode }: PodmanEvent): ContainerEvent | undefined {
  const status = feedStatuses.find(one => one === action);
  if (type !== 'container' || status === undefined) return undefined;
  const isObserved = status === 'died' && exitCode !== null && exitCode >= 0;
  return { id: shortId(id), status, timeMs: Date.parse(time), exitCode: isObserved ? exitCode : null };
}
