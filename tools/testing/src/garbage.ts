import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Collects all garbage of this process, also what a WeakRef keeps until the end of the present task. */
export async function collectGarbage(): Promise<void> {
  await setImmediate();
  collect();
}
