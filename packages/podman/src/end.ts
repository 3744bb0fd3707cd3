import { setTimeout as delay } from 'node:timers/promises';
import { JobEnded } from '@podman-api/errors';

/** How long podman may take to end by itself after `stop`, and then after SIGTERM, in ms. */
const grace = 5000;

/** How long podman may take to notice that its command has ended before that is looked for again, in ms. */
const pause = 200;

/** A podman process that runs. */
export interface Running {
  kill(name: NodeJS.Signals): void;
  /** Is aborted when it has ended. */
  readonly ended: AbortSignal;
}

/**
 * Ends a podman process: by `stop` where there is one, then by SIGTERM, then by SIGKILL. Resolves when that is
 * done or the process has ended.
 * @throws JobEnded (unknown) where `stop` fails; podman is ended all the same
 */
export async function end({ kill, ended }: Running, stop: (() => Promise<unknown>) | undefined): Promise<void> {
  const surely =
    stop &&
    (() =>
      stop().catch(error => {
        kill('SIGKILL');
        throw runsOn(error);
      }));
  const until = performance.now() + grace;
  // Again and again, for a podman that is still starting has nothing in the container yet.
  while (surely && performance.now() < until) {
    await surely();
    if (await endsWithin(pause, ended)) return;
  }
  kill('SIGTERM');
  if (!(await endsWithin(grace, ended))) kill('SIGKILL');
  await surely?.();
}

function runsOn(cause: unknown): JobEnded {
  const message = 'The outcome is unknown: the command could not be ended in the container and may run on there.';
  return new JobEnded('unknown', message, {}, { cause });
}

async function endsWithin(time: number, ended: AbortSignal): Promise<boolean> {
  return delay(time, false, { signal: ended }).catch(() => true);
}
