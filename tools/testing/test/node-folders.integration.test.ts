import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createPodman, type Podman } from '@podman-api/podman';
import { images, testFolder, until } from '@podman-api/testing';
import { nodesPrefix, prepareNode, removeNodes, removeNodesFolder } from '@podman-api/testing/node-folders';
import { listProcesses } from '@podman-api/testing/processes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A removal that hangs must end before the test does. */
const removalTimeoutMs = 300_000;
const network = 'backend';

let folder: string;
let nodes: readonly Podman[];
beforeEach(() => {
  folder = mkdtempSync(join(testFolder, nodesPrefix));
  nodes = ['a', 'b'].map(name => createPodman({ maxProcesses: 1, env: prepareNode(join(folder, name)) }));
});
afterEach(async () => {
  if (existsSync(folder)) await removeNodes(folder, AbortSignal.timeout(removalTimeoutMs));
});

async function inspect(podman: Podman): Promise<{ readonly device: string; readonly subnet: string }> {
  const [device = '', subnet = ''] = (
    await podman.run(['network', 'inspect', '--format={{.NetworkInterface}} {{range .Subnets}}{{.Subnet}}{{end}}', '--', network])
  )
    .trim()
    .split(' ');
  return { device, subnet };
}

const run = (podman: Podman) => podman.run(['run', '--detach', `--network=${network}`, '--', images.busybox, 'sleep', '600']);

describe('the networks of the nodes of a test fleet', () => {
  it('have the same name, other interfaces and other subnets', async () => {
    for (const podman of nodes) await podman.run(['network', 'create', '--', network]);
    const [a, b] = await Promise.all(nodes.map(inspect));
    expect(new Set([a?.device, b?.device, '']).size).toBe(3);
    expect(new Set([a?.subnet, b?.subnet, '']).size).toBe(3);
    for (const podman of nodes) await run(podman);
  });

  it('are removed one by one, and with their fleet', async () => {
    const [first, second] = nodes;
    for (const podman of nodes) await podman.run(['network', 'create', '--', network]);
    await first?.run(['network', 'rm', '--', network]);
    expect(await first?.run(['network', 'ls', '--format={{.Name}}'])).toBe('podman\n');
    expect(await second?.run(['network', 'ls', '--quiet', `--filter=name=${network}`])).not.toBe('');

    // As a killed run leaves it: with a container in the network.
    if (second) await run(second);
    const { device } = second ? await inspect(second) : { device: '' };
    await removeNodes(folder, AbortSignal.timeout(removalTimeoutMs));
    expect(existsSync(folder)).toBe(false);
    if (process.getuid?.() === 0) expect(readdirSync('/sys/class/net')).not.toContain(device);
  });
});

describe('the folder of a test fleet', () => {
  it("is not created again by podman's clean-up after its containers", async () => {
    for (const podman of nodes) {
      await podman.run(['run', '--detach', '--network=none', '--', images.busybox, 'sleep', '600']);
      await podman.run(['rm', '--all', '--force', '--time=0']);
    }
    await removeNodesFolder(folder);
    await until(() => !listProcesses().some(({ argv }) => argv.some(arg => arg.includes(`${folder}/`))));
    expect(existsSync(folder)).toBe(false);
  });
});
