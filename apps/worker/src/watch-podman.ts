import type { PodmanState } from '@podman-api/cluster';
import { toApiError } from '@podman-api/errors';
import { type Podman, probe, readVersion } from '@podman-api/podman';
import type { Log } from '@podman-api/runtime';

/** Pause between two probes, by the result of the first. */
const probeIntervalMs = { working: 15_000, failing: 2000 } as const;
const probeTimeoutMs = 10_000;
/**
 * Number of consecutive probes that must time out until podman counts as not working. A single probe can take that long on a busy
 * host, or while another process holds podman's lock.
 */
const maxTimeouts = 2;

/** Watches whether podman works on this host, independently of the jobs. */
export interface PodmanWatch {
  readonly state: PodmanState;
  stop(): void;
}

/** Probes podman until `stop` is called. @param onChange called when podman starts or stops working, or its error changes */
export function watchPodman(podman: Podman, log: Log, onChange: () => void): PodmanWatch {
  let state: PodmanState = { working: false, version: null, error: 'not probed yet' };
  let timeoutCount = 0;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const check = async () => {
    const previous = state;
    const error = await findError(podman);
    timeoutCount = error === timeoutMessage ? timeoutCount + 1 : 0;
    const working = error === null || (error === timeoutMessage && previous.working && timeoutCount < maxTimeouts);
    // A missing version is read at the next probe.
    const version = previous.version ?? (error === null ? await readVersion(podman).catch(() => null) : null);
    state = { working, version, error };
    if (state.error !== previous.error) {
      log.info(
        { podman: state },
        state.error === null ? `podman ${version} works` : `podman ${working ? 'is slow' : 'does not work'}: ${error}`,
      );
      onChange();
    }
    if (!isStopped) timer = setTimeout(check, error === null ? probeIntervalMs.working : probeIntervalMs.failing);
  };
  void check();

  return {
    get state() {
      return state;
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

const timeoutMessage = `no answer within ${probeTimeoutMs / 1000} s`;

/** Returns why podman does not work, or `null` if it does. */
async function findError(podman: Podman): Promise<string | null> {
  try {
    await probe(podman, AbortSignal.timeout(probeTimeoutMs));
    return null;
  } catch (error) {
    return error instanceof DOMException ? timeoutMessage : toApiError(error).message;
  }
}
