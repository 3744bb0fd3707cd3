import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { BuildIsolation } from '../podman.ts';

/** The first major version whose network code makes the bridge of an ordinary user by itself; before, only `podman run` did. */
const firstWithRootlessBridge = 5;

/**
 * A `slirp4netns` that keeps a RUN away from the loopback interface of the host, as `podman run` does. Before podman 4.6, buildah starts
 * it without this option. The first entry of PATH is the folder of this script.
 */
const slirp4netns = `#!/bin/sh
PATH=\${PATH#*:}
exec slirp4netns --disable-host-loopback "$@"
`;

/** Whether podman runs for an ordinary user of this host. */
function isRootless(): boolean {
  return process.getuid?.() !== 0 && process.env['CONTAINER_HOST'] === undefined;
}

/**
 * Selects the isolation of a build, see `Podman.buildIsolation`.
 * @param env environment of podman
 * @param readVersion reads the version of podman, which is needed for ordinary users only
 */
export async function selectBuildIsolation(
  env: NodeJS.ProcessEnv,
  folder: string,
  readVersion: () => Promise<string>,
): Promise<BuildIsolation> {
  if (!isRootless()) return { args: ['--isolation=oci'], env: {} };
  return selectRootlessIsolation(await readVersion(), folder, env['PATH'] ?? '');
}

/**
 * Selects the isolation of an ordinary user's build. With `oci`, podman 4 runs netavark in the namespace of the host, where it fails:
 * "netavark: No such file or directory" (iptables is not in PATH), or "setns: Operation not permitted".
 * @param version of podman
 * @param path PATH of podman
 */
export async function selectRootlessIsolation(version: string, folder: string, path: string): Promise<BuildIsolation> {
  if (Number.parseInt(version, 10) >= firstWithRootlessBridge) return { args: ['--isolation=oci'], env: {} };
  const programs = join(folder, 'bin');
  await mkdir(programs);
  await writeFile(join(programs, 'slirp4netns'), slirp4netns, { mode: 0o700 });
  // Without `private`, buildah uses the network of the host if it does not find slirp4netns.
  return { args: ['--isolation=rootless', '--network=private'], env: { PATH: `${programs}${delimiter}${path}` } };
}

/**
 * Returns whether a build may have limits of memory and CPUs. Only cgroups v2, whose root has this file, lets an ordinary user set them
 * (cgroups(7)). `podman run` ignores them otherwise, but `podman build` of 4.3 with runc fails: "cannot set memory limit".
 */
export function canLimitBuilds(): boolean {
  return !isRootless() || existsSync('/sys/fs/cgroup/cgroup.controllers');
}
