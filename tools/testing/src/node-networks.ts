import { createHash, randomInt } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutId } from './marker.ts';
import { findProgram } from './programs.ts';

/** Networks of a node that shares its host with other nodes. */
export interface NodeNetworks {
  /** Lines for the section `[network]` of its containers.conf(5). */
  readonly settings: readonly string[];
  /** Folder that comes first in the `PATH` of its worker, with a program `podman`. */
  readonly programs: string;
}

/** Name of the folder of networks in that of a node. */
const folderName = 'networks';

/** Beginning of the names of the interfaces of these networks. Linux allows 15 characters. */
const interfacePrefix = `t${checkoutId}`;

/** Number of ranges of 16 networks in 10.128.0.0/10, where podman begins to look only after 10,000 networks. */
const rangeCount = 1024;
// Consecutive from a random start, so that two nodes of one process never share a range.
const firstRange = randomInt(rangeCount);
let usedRangeCount = 0;

/**
 * Prepares a folder of networks for a node, so that a network of another node is not listed, changed or removed.
 *
 * Podman chooses a subnet that none of the networks in its folder has, and a name for the interface on the host that is free. Two nodes
 * would choose the same. Therefore each node has a range for its subnets, and a program `podman` which gives the interface of a new
 * network another name, for which podman 4.3 has no option.
 * @param folder of the node
 */
export function prepareNetworks(folder: string): NodeNetworks {
  const [networks, programs] = [join(folder, folderName), join(folder, 'bin')];
  mkdirSync(networks);
  mkdirSync(programs);
  const program = join(programs, 'podman');
  writeFileSync(program, formatProgram(findProgram(['podman']) ?? 'podman', networks));
  chmodSync(program, 0o755);
  const range = (firstRange + usedRangeCount) % rangeCount;
  usedRangeCount += 1;
  const base = `10.${128 + Math.floor(range / 16)}.${(range % 16) * 16}.0/20`;
  return { settings: [`network_config_dir = "${networks}"`, `default_subnet_pools = [{ base = "${base}", size = 24 }]`], programs };
}

/** Returns whether a node has networks besides podman's default one. @param folder of the node */
export function hasNetworks(folder: string): boolean {
  return readdirSync(join(folder, folderName)).some(name => /\.(?:conflist|json)$/.test(name));
}

/** Returns the names of the interfaces of nodes of this checkout, which outlive them only if a run was killed. */
export function findNodeInterfaces(): readonly string[] {
  return readdirSync('/sys/class/net').filter(name => name.startsWith(interfacePrefix));
}

/**
 * Formats the program `podman` of a node. The interface in the file of a network is `"bridge": "cni-podman1"` (CNI) or
 * `"network_interface": "podman1"` (netavark).
 */
function formatProgram(podman: string, networks: string): string {
  const node = createHash('sha256').update(networks).digest('hex').slice(0, 4);
  return `#!/bin/sh
case " $* " in
  *' network create '*) ;;
  *) exec '${podman}' "$@" ;;
esac
'${podman}' "$@" || exit
for file in '${networks}'/*.conflist '${networks}'/*.json; do
  [ -e "$file" ] || continue
  name=${interfacePrefix}${node}$(printf %s "$file" | md5sum | cut -c1-6)
  sed -i -E 's/("(bridge|network_interface)": )"(cni-)?podman[1-9][0-9]*"/\\1"'"$name"'"/' "$file"
done
`;
}
