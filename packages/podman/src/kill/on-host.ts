import { isInContainer, processesWith, tryKill } from './host-processes.ts';
import type { SendSignal } from './killer.ts';

const fullId = /^[0-9a-f]{64}$/;

/**
 * Finds a container's processes in the host's `/proc`, with or without a shell in its image.
 * @param idOf resolves a reference to a container's full id
 */
export function signalOnHost(idOf: (container: string) => Promise<string | undefined>): SendSignal {
  return async (name, container, variable) => {
    const id = fullId.test(container) ? container : await idOf(container);
    if (id === undefined) return 0;
    const pids = await processesWith(variable, pid => isInContainer(pid, id));
    if (name !== '0') for (const pid of pids) tryKill(pid, `SIG${name}`);
    return pids.length;
  };
}
