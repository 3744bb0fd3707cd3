import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunToString } from '../capture/capture-stdout.ts';
import type { Podman } from '../podman.ts';
import { tempFolderPath } from '../process/temp-folder.ts';

/** A container in podman's list, also one of a build. */
interface BuildContainer {
  readonly Id: string;
}

/** Removes the leftovers of a job's builds; see `Podman.removeBuild`. */
export function createRemoveBuild(runToString: RunToString): Podman['removeBuild'] {
  return async (job, secretId) => {
    await endProcesses(tempFolderPath(job));
    const store = (await runToString(['info', '--format={{.Store.GraphRoot}}/{{.Store.GraphDriverName}}-containers'])).trim();
    const containers: readonly BuildContainer[] = JSON.parse(
      await runToString(['ps', '--all', '--external', '--no-trunc', '--format=json']),
    );
    for (const { Id } of containers) {
      const options = await readFile(join(store, Id, 'userdata', 'buildah.json'), 'utf8').catch(() => '');
      if (options.includes(`"id=${secretId},`)) await runToString(['rm', '--force', '--', Id]);
    }
  };
}

/** Kills the processes that have mounted something from a folder: those of a RUN whose podman was killed. */
async function endProcesses(folder: string): Promise<void> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const mounts = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '');
    if (!mounts.includes(`${folder}/`)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}
