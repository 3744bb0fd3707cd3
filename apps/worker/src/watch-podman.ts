import { asApiError } from '@podman-api/errors';
import { type Podman, probe, readVersion } from '@podman-api/podman';
import type { PodmanState } from '@podman-api/queue';
import type { Log } from '@podman-api/runtime';

/** How often podman is probed while it works, and while it does not, in ms. */
const probeEvery = { working: 15_000, failing: 2000 } as const;
/** A probe that takes longer has found a podman that does not work, in ms. */
const patience = 10_000;

/** Whether podman works on this host, found out beside the jobs. */
export interface PodmanWatch {
  readonly state: PodmanState;
  stop(): void;
}

/** @param changed is called when podman begins or ceases to work */
export function watchPodman(podman: Podman, log: Log, changed: () => void): PodmanWatch {
  let state: PodmanState = { working: false, version: null, error: 'not probed yet' };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const look = async () => {
    const before = state;
    state = await probed(podman, before.version);
    if (state.error !== before.error) {
      log.info({ podman: state }, state.working ? `podman ${state.version} works` : `podman does not work: ${state.error}`);
      changed();
    }
    if (!stopped) timer = setTimeout(look, state.working ? probeEvery.working : probeEvery.failing);
  };
  void look();

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

async function probed(podman: Podman, knownVersion: string | null): Promise<PodmanState> {
  try {
    await probe(podman, AbortSignal.timeout(patience));
    return { working: true, version: knownVersion ?? (await readVersion(podman)), error: null };
  } catch (error) {
    return {
      working: false,
      version: knownVersion,
      error: error instanceof DOMException ? 'it does not answer' : asApiError(error).message,
    };
  }
}
