import type { Podman } from '@podman-api/podman';

/** What a container's health check has found. */
export interface HealthReport {
  /** Status of the container as podman names it, such as `running`. */
  readonly status: string;
  /** `starting`, `healthy` or `unhealthy`; `undefined` if the container has no health check. */
  readonly health: string | undefined;
}

interface HealthEntry {
  readonly status: string;
  readonly health: { readonly Status: string } | null;
  readonly check: { readonly Test: readonly string[] | null } | null;
}

const format = '--format={"status":{{json .State.Status}},"health":{{json .State.Health}},"check":{{json .Config.Healthcheck}}}';

/**
 * Reads the health of a container. Concurrent callers share one podman process.
 * @throws ApiError (404) if there is no such container
 */
export async function readHealth(podman: Pick<Podman, 'shared'>, id: string): Promise<HealthReport> {
  // Podman keeps the results of health checks in a file of its own, so that an answer for the same state may be outdated.
  const text = await podman.shared(['container', 'inspect', format, '--', id], { fresh: true });
  const { status, health, check }: HealthEntry = JSON.parse(text);
  const [kind = 'NONE'] = check?.Test ?? [];
  return { status, health: kind === 'NONE' ? undefined : (health?.Status ?? 'starting') };
}
