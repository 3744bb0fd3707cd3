import type { Podman } from '@podman-api/podman';

/** What is known about the health checks of a container. */
export interface HealthCheck {
  readonly isRunning: boolean;
  /** Time between two checks; `undefined` if there is no check, or none on a schedule. */
  readonly intervalMs: number | undefined;
  readonly timeoutMs: number;
  /** When the container was started, in ms since 1970. */
  readonly startedAtMs: number;
  /** When the last check ended, in ms since 1970; `undefined` if none has. */
  readonly lastEndMs: number | undefined;
}

/** What the template prints: a healthcheck has nanoseconds, `null` stands for none. */
interface Printed {
  readonly status: string;
  readonly started: string;
  readonly check: { readonly Test?: readonly string[]; readonly Interval?: number; readonly Timeout?: number } | null;
  readonly ends: string;
}

/** Without the output of checks, which containers decide. */
const format =
  '{"status":{{json .State.Status}},"started":{{json .State.StartedAt}},"check":{{json .Config.Healthcheck}},"ends":"{{with .State.Health}}{{range .Log}}{{.End}} {{end}}{{end}}"}';

/** Podman's default (podman-run(1)), for an image that names none. */
const defaultTimeoutMs = 30_000;
const nanosecondsPerMs = 1e6;

/**
 * Reads when the health check of a container has to run.
 * @throws ApiError (404) if there is no such container
 */
export async function readHealthCheck(podman: Pick<Podman, 'run'>, id: string): Promise<HealthCheck> {
  const { status, started, check, ends }: Printed = JSON.parse(await podman.run(['container', 'inspect', `--format=${format}`, '--', id]));
  const hasTest = check?.Test !== undefined && check.Test.length > 0 && check.Test[0] !== 'NONE';
  const intervalMs = hasTest && check.Interval ? check.Interval / nanosecondsPerMs : undefined;
  const last = ends.trim().split(' ').at(-1) ?? '';
  return {
    isRunning: status === 'running',
    intervalMs,
    timeoutMs: check?.Timeout ? check.Timeout / nanosecondsPerMs : defaultTimeoutMs,
    startedAtMs: Date.parse(started),
    lastEndMs: last === '' ? undefined : Date.parse(last),
  };
}
