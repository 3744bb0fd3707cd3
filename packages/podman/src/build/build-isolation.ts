import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildIsolation } from '../podman.ts';
import { isRemotePodman } from '../process/remote-podman.ts';
import type { PodmanHost } from '../process/spawn.ts';

/** The first major version whose network code makes the bridge of an ordinary user by itself; before, only `podman run` did. */
const firstWithRootlessBridge = 5;

/** Folder of programs that replace those of the same name for the podman of a build. Not in TMPDIR, which may be mounted with `noexec`. */
const programs = fileURLToPath(new URL('./programs', import.meta.url));

/** Whether podman runs for an ordinary user of this host. */
function isRootless(host: Pick<PodmanHost, 'env'>): boolean {
  return process.getuid?.() !== 0 && !isRemotePodman(host);
}

/**
 * Selects the isolation of a build, see `Podman.buildIsolation`.
 * @param readVersion reads the version of podman, which is needed for ordinary users only
 */
export async function selectBuildIsolation(host: Pick<PodmanHost, 'env'>, readVersion: () => Promise<string>): Promise<BuildIsolation> {
  if (!isRootless(host)) return { args: ['--isolation=oci'], env: {} };
  return selectRootlessIsolation(await readVersion(), host.env['PATH'] ?? '');
}

/**
 * Selects the isolation of an ordinary user's build. With `oci`, podman 4 runs netavark in the namespace of the host, where it fails:
 * "netavark: No such file or directory" (iptables is not in PATH), or "setns: Operation not permitted".
 * @param version of podman
 * @param path PATH of podman
 */
export function selectRootlessIsolation(version: string, path: string): BuildIsolation {
  if (Number.parseInt(version, 10) >= firstWithRootlessBridge) return { args: ['--isolation=oci'], env: {} };
  // Without `private`, buildah uses the network of the host if it does not find slirp4netns.
  return { args: ['--isolation=rootless', '--network=private'], env: { PATH: `${programs}${delimiter}${path}` } };
}

/**
 * Returns whether a build may have limits of memory and CPUs. Only cgroups v2, whose root has this file, lets an ordinary user set them
 * (cgroups(7)). `podman run` ignores them otherwise, but `podman build` of 4.3 with runc fails: "cannot set memory limit".
 */
export function canLimitBuilds(host: Pick<PodmanHost, 'env'>): boolean {
  return !isRootless(host) || existsSync('/sys/fs/cgroup/cgroup.controllers');
}
