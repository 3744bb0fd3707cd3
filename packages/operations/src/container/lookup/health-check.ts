import type { Podman } from '@podman-api/podman';

/** State of the health check of a container. */
export interface HealthCheck {
  /** Status of the container as podman names it, such as `running`. */
  readonly status: string;
  /** `starting`, `healthy` or `unhealthy`; `undefined` if the container has no health check. */
  readonly health: string | undefined;
  /** Time between two checks; `undefined` if there is no check, or none on a schedule. */
  readonly intervalMs: number | undefined;
  readonly timeoutMs: number;
  /** When the container was started, in ms since 1970. */
  readonly startedAtMs: number;
  /** When the last check ended, in ms since 1970; `undefined` if none has. */
  readonly lastEndMs: number | undefined;
}

/** Output of the template. The times of a check are in nanoseconds; `null` means no check, and `''` no health. */
interface Printed {
  readonly status: string;
  readonly started: string;
  readonly health: string;
  readonly check: { readonly Test?: readonly string[] | null; readonly Interval?: number; readonly Timeout?: number } | null;
  readonly ends: string;
}

/** Without the output of checks, which containers decide. */
const format =
  '{"status":{{json .State.Status}},"started":{{json .State.StartedAt}},"health":"{{with .State.Health}}{{.Status}}{{end}}","check":{{json .Config.Healthcheck}},"ends":"{{with .State.Health}}{{range .Log}}{{.End}} {{end}}{{end}}"}';

/** Podman's default (podman-run(1)), for an image that names none. */
const defaultTimeoutMs = 30_000;
const nanosecondsPerMs = 1e6;

/**
 * Reads the health of a container, and when its check has to run. Concurrent callers share one podman process.
 * @throws ApiError (404) if there is no such container
 */
export async function readHealthCheck(podman: Pick<Podman, 'shared'>, id: string): Promise<HealthCheck> {
  // Podman stores the results of checks in a separate file, so answers may differ although podman's state is the same.
  const text = await podman.shared(['container', 'inspect', `--format=${format}`, '--', id], { isFresh: true, isSame: () => true });
  const { status, started, health, check, ends }: Printed = JSON.parse(text);
  const [kind = 'NONE'] = check?.Test ?? [];
  const hasTest = kind !== 'NONE';
  const last = ends.trim().split(' ').at(-1) ?? '';
  return {
    status,
    health: hasTest ? health || 'starting' : undefined,
    intervalMs: hasTest && check?.Interval ? check.Interval / nanosecondsPerMs : undefined,
    timeoutMs: check?.Timeout ? check.Timeout / nanosecondsPerMs : defaultTimeoutMs,
    startedAtMs: Date.parse(started),
    lastEndMs: last === '' ? undefined : Date.parse(last),
  };
}
