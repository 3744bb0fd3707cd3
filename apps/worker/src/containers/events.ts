import { setTimeout as delay } from 'node:timers/promises';
import { type ContainerEvent, jobLabel } from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';

/** An event of a container of this host, or of another storage. */
export interface FollowedEvent extends ContainerEvent {
  /** Whether a job of this service created the container. */
  readonly isOfJob: boolean;
}

const linePattern = /^([0-9a-f]{12})[0-9a-f]{52} (\w+) (job|-) (-?\d+|null) (\d+|"[^"]+")$/;

/** Lifetime of a `podman events` process, so that an orphan exits by itself. */
const followDurationMs = 300_000;
/** Overlap of two consecutive processes, so that no event is lost between them. */
const overlapMs = 2000;
/** Pause before the next process is started. */
const restartDelayMs = 1000;

/** A Go template for these fields alone: an event has all labels of its container, however large (podman-events(1)). */
const eventFormat = `{{.ID}} {{.Status}} {{if index .Attributes "${jobLabel}"}}job{{else}}-{{end}} {{json .ContainerExitCode}} {{json .Time}}`;
const statuses = [
  'create',
  'remove',
  'rename',
  'start',
  'unpause',
  'died',
  'health_status',
  'exec_died',
] as const satisfies readonly ContainerEvent['status'][];
const statusFilters = statuses.map(status => `--filter=event=${status}`);

/**
 * Follows podman's events on this host until the signal is aborted. Events may come from other storages and may be repeated.
 * @param onRestart called whenever following starts (again), because events may have been missed
 */
export async function followEvents(
  podman: Pick<Podman, 'follow'>,
  onEvent: (event: FollowedEvent) => void,
  onRestart: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const now = Date.now();
    const bounds = [`--since=${new Date(now - overlapMs).toISOString()}`, `--until=${new Date(now + followDurationMs).toISOString()}`];
    onRestart();
    const args = ['events', `--format=${eventFormat}`, '--filter=type=container', ...statusFilters, ...bounds];
    await podman.follow(args, line => parseLine(line, onEvent), signal);
    await delay(restartDelayMs, undefined, { signal }).catch(() => {});
  }
}

function parseLine(line: string, onEvent: (event: FollowedEvent) => void): void {
  const [, id, name, origin, code, time] = linePattern.exec(line) ?? [];
  const status = statuses.find(one => one === name);
  // An incomplete last line of a terminated process is reported again by the next process.
  if (id === undefined || status === undefined || code === undefined || time === undefined) return;
  const isObserved = status === 'died' && code !== 'null' && Number(code) >= 0;
  onEvent({ id, status, isOfJob: origin === 'job', exitCode: isObserved ? Number(code) : null, timeMs: parseTime(time) });
}

/** Returns a time in ms since 1970: podman 4 prints JSON of a text in RFC 3339, podman 5 whole seconds. */
function parseTime(json: string): number {
  return json.startsWith('"') ? Date.parse(JSON.parse(json)) : Number(json) * 1000 + 999;
}
