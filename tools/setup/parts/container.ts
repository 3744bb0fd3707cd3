import { existsSync, mkdirSync } from 'node:fs';
import { createPodman } from '@podman-api/podman';
import { findPodmanSettings, getPodmanSettingsPath, resolveStateDir } from '@podman-api/runtime';
import type { Part } from '../part.ts';
import { findSettings, proveUserSettings } from '../proof/find-settings.ts';
import { isProven, rememberProof } from '../proof/fingerprint.ts';
import { hasImage, proofImage } from '../proof/image.ts';
import { runProofContainer } from '../proof/run-container.ts';
import { log } from '../system/run.mjs';

const part = 'container';

/** The proof that a container runs on this host. */
export const container: Part = {
  async check(isThorough) {
    const podman = createPodman({ maxProcesses: 1, containersConf: findPodmanSettings() });
    if (!(await hasImage(podman))) return { part, ok: false, text: 'not tried yet', remedy: 'Run "npm run setup".' };
    const fault = isThorough || !isProven() ? await runProofContainer(podman) : undefined;
    if (fault !== undefined) {
      return {
        part,
        ok: false,
        text: `a container does not run: ${fault}`,
        remedy: 'Run "npm run setup"; if that does not help, see docs/hosts.md.',
      };
    }
    return {
      part,
      ok: true,
      text: existsSync(getPodmanSettingsPath())
        ? 'runs, with the settings in .podman-api/containers.conf'
        : "runs, with podman's own settings",
    };
  },
  async fix() {
    log('checking that a container runs on this host, with an image built from its BusyBox');
    mkdirSync(resolveStateDir(), { recursive: true });
    await (process.env['CONTAINERS_CONF'] === undefined ? findSettings() : proveUserSettings());
    rememberProof();
    log(`a container runs; its image is kept as ${proofImage}`);
  },
};
