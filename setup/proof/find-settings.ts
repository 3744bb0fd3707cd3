import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createPodman } from '@podman-api/podman';
import { podmanSettingsFile, stateFolder } from '@podman-api/runtime';
import { say } from '../part.ts';
import { hasImage, makeImage } from './image.ts';
import { prove } from './prove.ts';
import { remedies } from './remedies.ts';
import { type Settings, settingsFile } from './settings.ts';

/**
 * Finds settings with which a container runs on this host: podman's defaults, or else one remedy after another
 * for what podman complains of. They are left in the project's own file; podman's files are not touched.
 * @throws Error with podman's words where no remedy is known
 */
export async function findSettings(): Promise<void> {
  const draft = `${podmanSettingsFile()}.draft`;
  mkdirSync(stateFolder(), { recursive: true });
  rmSync(podmanSettingsFile(), { force: true });
  let settings: Settings = {};
  const reasons: string[] = [];
  for (;;) {
    if (reasons.length > 0) writeFileSync(draft, settingsFile(settings, reasons));
    const words = await tryWith(reasons.length > 0 ? draft : undefined);
    if (words === undefined) break;
    const remedy = remedies.find(candidate => candidate.words.test(words));
    const next = remedy?.apply(settings, words);
    if (!remedy || JSON.stringify(next) === JSON.stringify(settings)) throw new Error(`Podman says: ${words}`);
    say(`${remedy.why} (${words})`);
    reasons.push(`${remedy.why}: ${words}`);
    settings = next ?? settings;
  }
  if (reasons.length === 0) return;
  renameSync(draft, podmanSettingsFile());
  say(
    `podman works here with ${JSON.stringify(settings)}; that stands in .podman-api/containers.conf, for this project's podman processes alone`,
  );
}

async function tryWith(containersConf: string | undefined): Promise<string | undefined> {
  const podman = createPodman({ limit: 1, containersConf });
  if (!(await hasImage(podman))) await makeImage(podman);
  return prove(podman);
}
