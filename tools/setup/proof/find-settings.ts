import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createPodman } from '@podman-api/podman';
import { getPodmanSettingsPath } from '@podman-api/runtime';
import { log, SetupError } from '../system/run.mjs';
import { hasImage, makeImage } from './image.ts';
import { remedies } from './remedies.ts';
import { runProofContainer } from './run-container.ts';
import { formatSettings, type PodmanSettings } from './settings.ts';

/**
 * Finds settings with which a container runs on this host: podman's defaults, or else one remedy after another for podman's
 * errors. They are written to the project's own file, which a running service may use, once a container has run with them; podman's
 * files stay as they are.
 * @throws {SetupError} with podman's error if no remedy is known
 */
export async function findSettings(): Promise<void> {
  const path = getPodmanSettingsPath();
  // Another set-up may run at the same time.
  const draft = `${path}.${process.pid}.draft`;
  try {
    const settings = await trySettings(draft);
    if (settings === undefined) {
      rmSync(path, { force: true });
    } else {
      renameSync(draft, path);
      log(
        `podman works with ${JSON.stringify(settings)}, written to .podman-api/containers.conf for this project's podman processes alone`,
      );
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @returns settings with which a container runs, which are in the draft then; `undefined` if podman's defaults are enough */
async function trySettings(draft: string): Promise<PodmanSettings | undefined> {
  let settings: PodmanSettings = {};
  const reasons: string[] = [];
  for (;;) {
    if (reasons.length > 0) writeFileSync(draft, formatSettings(settings, reasons));
    const fault = await runWithSettings(reasons.length > 0 ? draft : undefined);
    if (fault === undefined) return reasons.length > 0 ? settings : undefined;
    const remedy = remedies.find(({ pattern }) => pattern.test(fault));
    const next = remedy?.apply(settings, fault);
    if (!remedy || next === undefined || JSON.stringify(next) === JSON.stringify(settings)) {
      throw new SetupError(`a container does not run: ${fault}`, 'Look the error up in docs/hosts.md, then run the same command again.');
    }
    log(`${remedy.reason} (${fault})`);
    reasons.push(`${remedy.reason}: ${fault}`);
    settings = next;
  }
}

/**
 * Proves that a container runs with the file that CONTAINERS_CONF names. It is the user's, and stays as it is.
 * @throws {SetupError} with podman's error
 */
export async function proveUserSettings(): Promise<void> {
  const fault = await runWithSettings(undefined);
  if (fault === undefined) return;
  throw new SetupError(
    `a container does not run: ${fault}`,
    'Correct the file that CONTAINERS_CONF names, or unset the variable, then run the same command again.',
  );
}

async function runWithSettings(containersConf: string | undefined): Promise<string | undefined> {
  const podman = createPodman({ maxProcesses: 1, containersConf });
  if (!(await hasImage(podman))) await makeImage(podman);
  return runProofContainer(podman);
}
