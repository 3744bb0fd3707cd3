import type { PodmanState } from '@podman-api/cluster';
import { toApiError } from '@podman-api/errors';
import { type Podman, probe, readVersion } from '@podman-api/podman';
import { type Log, withTimeout } from '@podman-api/runtime';

/** Pause between two probes, by the result of the first. */
const probeIntervalMs = { working: 15_000, failing: 2000 } as const;
/** Duration of a probe from which on podman counts as slow, such as on a busy host: it still gets jobs, and health has a warning. */
const slowAfterMs = 10_000;
/** Time limit of a probe: a podman that takes longer counts as not working. Under load, probes took more than 20 s (busy-host.long). */
const probeTimeoutMs = 60_000;

/** Watches whether podman works on this host, independently of the jobs. */
export interface PodmanWatch {
  readonly state: PodmanState;
  stop(): void;
}

/** Probes podman until `stop` is called. @param onChange called when podman starts or stops working, or its error changes */
export function watchPodman(podman: Podman, log: Log, onChange: () => void): PodmanWatch {
  let state: PodmanState = { working: false, version: null, error: 'not probed yet' };
  let timer: NodeJS.Timeout | undefined;
  const stopped = new AbortController();

  const update = (next: PodmanState) => {
    // A worker that stops still sends its heartbeats, and a probe that was ended shows nothing about podman.
    if (stopped.signal.aborted) return;
    const previous = state;
    state = next;
    if (next.error === previous.error) return;
    const { error, version, working } = next;
    log.info({ podman: next }, error === null ? `podman ${version} works` : `podman ${working ? 'is slow' : 'does not work'}: ${error}`);
    onChange();
  };
  const check = async () => {
    const error = await withTimeout(stopped.signal, probeTimeoutMs, async signal => {
      const { working, version } = state;
      const slowTimer = setTimeout(() => working && update({ working, version, error: timeoutMessage(slowAfterMs) }), slowAfterMs);
      // Not only at the end of the probe: the process of a podman that hangs in the kernel does not end.
      const onTimeout = () => update({ working: false, version, error: timeoutMessage(probeTimeoutMs) });
      signal.addEventListener('abort', onTimeout, { once: true });
      try {
        return await findError(podman, signal);
      } finally {
        clearTimeout(slowTimer);
        signal.removeEventListener('abort', onTimeout);
      }
    });
    // A missing version is read at the next probe.
    const readOrNull = (signal: AbortSignal) => readVersion(podman, signal).catch(() => null);
    const version = state.version ?? (error === null ? await withTimeout(stopped.signal, probeTimeoutMs, readOrNull) : null);
    update({ working: error === null, version, error });
    if (!stopped.signal.aborted) timer = setTimeout(check, error === null ? probeIntervalMs.working : probeIntervalMs.failing);
  };
  void check();

  return {
    get state() {
      return state;
    },
    stop() {
      stopped.abort();
      clearTimeout(timer);
    },
  };
}

function timeoutMessage(timeMs: number): string {
  return `no answer within ${timeMs / 1000} s`;
}

/** Returns why podman does not work, or `null` if it does. */
async function findError(podman: Podman, signal: AbortSignal): Promise<string | null> {
  try {
    await probe(podman, signal);
    return null;
  } catch (error) {
    return signal.aborted ? timeoutMessage(probeTimeoutMs) : toApiError(error).message;
  }
}
