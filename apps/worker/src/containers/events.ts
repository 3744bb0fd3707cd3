import { setTimeout as delay } from 'node:timers/promises';
import { jobLabel } from '@podman-api/operations';
import type { Podman } from '@podman-api/podman';

/** An event of a container. */
export interface ContainerEvent {
  readonly id: string;
  readonly status: 'create' | 'remove' | 'rename';
  /** Whether a job of this service created the container. */
  readonly isOfJob: boolean;
}

const linePattern = /^([0-9a-f]{64}) (\w+) (job|-)$/;

/** Lifetime of a `podman events` process, so that an orphan exits by itself. */
const followDurationMs = 300_000;
/** Overlap of two consecutive processes, so that no event is lost between them. */
const overlapMs = 2000;
/** Pause before the next process is started. */
const restartDelayMs = 1000;

/** A Go template for these fields alone: an event has all labels of its container, however large (podman-events(1)). */
const eventFormat = `{{.ID}} {{.Status}} {{if index .Attributes "${jobLabel}"}}job{{else}}-{{end}}`;
const statusFilters = ['create', 'remove', 'rename'].map(status => `--filter=event=${status}`);

/**
 * Follows podman's events on this host until the signal is aborted. Events may come from other storages and may be repeated.
 * @param onRestart called whenever following starts (again), because events may have been missed
 */
export async function followEvents(
  podman: Pick<Podman, 'follow'>,
  onEvent: (event: ContainerEvent) => void,
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

function parseLine(line: string, onEvent: (event: ContainerEvent) => void): void {
  const [, id, status, origin] = linePattern.exec(line) ?? [];
  // An incomplete last line of a terminated process is reported again by the next process.
  if (id === undefined || !isFollowed(status)) return;
  onEvent({ id, status, isOfJob: origin === 'job' });
}

function isFollowed(status: string | undefined): status is ContainerEvent['status'] {
  return status === 'create' || status === 'remove' || status === 'rename';
}
