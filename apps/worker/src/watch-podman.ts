import type { PodmanState } from '@podman-api/cluster';
import { toApiError } from '@podman-api/errors';
import { type Podman, probe, readVersion } from '@podman-api/podman';
import type { Log } from '@podman-api/runtime';

/** Pauses between two probes. */
const probeIntervalMs = { working: 15_000, failing: 2000 } as const;
const probeTimeoutMs = 10_000;
/**
 * Podman does not work after this many probes in a row without an answer. One alone proves little: on a busy host, or
 * behind podman's lock, a probe can take that long.
 */
const maxTimeouts = 2;

/** Watches whether podman works on this host, independently of the jobs. */
export interface PodmanWatch {
  readonly state: PodmanState;
  stop(): void;
}

/** @param onChange called when podman starts or stops working, or its error changes */
export function watchPodman(podman: Podman, log: Log, onChange: () => void): PodmanWatch {
  let state: PodmanState = { working: false, version: null, error: 'not probed yet' };
  let timeouts = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const check = async () => {
    const before = state;
    const error = await findError(podman);
    timeouts = error === timedOut ? timeouts + 1 : 0;
    const working = error === null || (error === timedOut && before.working && timeouts < maxTimeouts);
    // A missing version is read at the next probe.
    const version = before.version ?? (error === null ? await readVersion(podman).catch(() => null) : null);
    state = { working, version, error };
    if (state.error !== before.error) {
      log.info(
        { podman: state },
        state.error === null ? `podman ${version} works` : `podman ${working ? 'is slow' : 'does not work'}: ${error}`,
      );
      onChange();
    }
    if (!stopped) timer = setTimeout(check, error === null ? probeIntervalMs.working : probeIntervalMs.failing);
  };
  void check();

  return {
    get state() {
      return state;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

const timedOut = `no answer within ${probeTimeoutMs / 1000} s`;

/** Returns why podman does not work, or `null` if it does. */
async function findError(podman: Podman): Promise<string | null> {
  try {
    await probe(podman, AbortSignal.timeout(probeTimeoutMs));
    return null;
  } catch (error) {
    return error instanceof DOMException ? timedOut : toApiError(error).message;
  }
}
