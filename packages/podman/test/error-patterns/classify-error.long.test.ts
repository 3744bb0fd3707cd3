import { images, skipWithoutLimits, testPodman } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPodman } from '../../src/index.ts';

const podman = testPodman();
let running: string;
let stopped: string;
beforeAll(async () => {
  running = await startContainer(images.plain);
  stopped = uniqueContainerName();
  await podman.run(['create', `--name=${stopped}`, '--', images.plain, 'sleep', '1']);
});

/** Commands that fail, and the reason that must be read from the messages of the podman that is installed here. */
const table: readonly (readonly [string, () => readonly string[], string])[] = [
  ['exec, no such container', () => ['exec', '--', 'no-such', 'true'], 'no-container'],
  ['start, no such container', () => ['start', '--', 'no-such'], 'no-container'],
  ['stop, no such container', () => ['stop', '--', 'no-such'], 'no-container'],
  ['logs, no such container', () => ['logs', '--', 'no-such'], 'no-container'],
  ['rm, no such container', () => ['rm', '--', 'no-such'], 'no-container'],
  ['inspect, no such container', () => ['container', 'inspect', '--', 'no-such'], 'no-container'],
  ['cp, no such container', () => ['cp', '--', 'no-such:/x', '-'], 'no-container'],
  ['name in use', () => ['run', `--name=${running}`, '--', images.plain, 'true'], 'name-in-use'],
  ['exec, not running', () => ['exec', '--', stopped, 'true'], 'not-running'],
  ['rm of a running one', () => ['rm', '--', running], 'running'],
  ['image missing', () => ['run', '--rm', '--pull=never', '--', 'localhost/no-such', 'true'], 'no-image'],
  ['short name that no registry serves', () => ['run', '--rm', '--', 'no-such-short-name', 'true'], 'no-image'],
  ['bad image reference', () => ['run', '--rm', '--', 'UPPER', 'true'], 'bad-image'],
  ['exec, not found', () => ['exec', '--', running, 'no-such-command'], 'command-not-found'],
  ['exec, not executable', () => ['exec', '--', running, '/etc'], 'command-not-executable'],
  ['exec, a file that is not executable', () => ['exec', '--', running, '/etc/passwd'], 'command-not-executable'],
  ['exec, below a file', () => ['exec', '--', running, '/etc/passwd/x'], 'command-not-found'],
  ['exec, a file as work dir', () => ['exec', '--workdir=/etc/passwd', '--', running, 'true'], 'bad-work-dir'],
  ['run, a file as work dir', () => ['run', '--rm', '--workdir=/etc/passwd', '--', images.plain, 'true'], 'bad-work-dir'],
  ['exec, bad work dir', () => ['exec', '--workdir=/no-such', '--', running, 'true'], 'bad-work-dir'],
  ['exec, no such user', () => ['exec', '--user=no-such', '--', running, 'true'], 'no-user'],
  ['run, no such user', () => ['run', '--rm', '--user=no-such', '--', images.plain, 'true'], 'no-user'],
  ['run, not found', () => ['run', '--rm', '--', images.plain, 'no-such-command'], 'command-not-found'],
  ['run, no such network', () => ['run', '--rm', '--network=no-such', '--', images.plain, 'true'], 'no-network'],
  ['run, no such directory', () => ['run', '--rm', '--volume=/no-such-folder:/data', '--', images.plain, 'true'], 'no-folder'],
  ['volume inspect, no such volume', () => ['volume', 'inspect', '--', 'no-such'], 'no-volume'],
  ['volume rm, no such volume', () => ['volume', 'rm', '--', 'no-such'], 'no-volume'],
  ['network inspect, no such network', () => ['network', 'inspect', '--', 'no-such'], 'no-network'],
  ['network rm, no such network', () => ['network', 'rm', '--', 'no-such'], 'no-network'],
  ['network rm of the default one', () => ['network', 'rm', '--', 'podman'], 'network-in-use'],
  ['network create, a mode as name', () => ['network', 'create', '--', 'host'], 'bad-name'],
  ['network create, a used name', () => ['network', 'create', '--', 'podman'], 'name-in-use'],
  ['network create, a used subnet', () => ['network', 'create', '--subnet=10.88.0.0/16', '--', 'no-such'], 'bad-subnet'],
  [
    'network create, a gateway outside',
    () => ['network', 'create', '--subnet=10.77.9.0/24', '--gateway=10.78.0.1', '--', 'no-such'],
    'bad-subnet',
  ],
  ['network connect, no such container', () => ['network', 'connect', '--', 'podman', 'no-such'], 'no-container'],
  ['network connect, connected already', () => ['network', 'connect', '--', 'podman', running], 'bad-state'],
  ['bad image id', () => ['run', '--rm', '--', 'sha256:abc', 'true'], 'bad-image'],
  ['capitals in an image', () => ['run', '--rm', '--', 'LOCALHOST/x', 'true'], 'bad-image'],
  ['no command', () => ['run', '--rm', '--network=none', '--entrypoint=', '--', images.plain], 'no-command'],
  [
    'two volumes on one target',
    () => ['run', '--rm', '--network=none', '--volume=/tmp:/data', '--tmpfs=/data', '--', images.plain, 'true'],
    'duplicate-mount',
  ],
  ['unknown tmpfs option', () => ['run', '--rm', '--network=none', '--tmpfs=/x:foo=1', '--', images.plain, 'true'], 'bad-mount-option'],
  ['invalid tmpfs option', () => ['run', '--rm', '--network=none', '--tmpfs=/x:size=huge', '--', images.plain, 'true'], 'bad-mount-option'],
  ['tmpfs below a file', () => ['run', '--rm', '--network=none', '--tmpfs=/etc/passwd/x', '--', images.plain, 'true'], 'bad-mount-target'],
  [
    'a directory on a file',
    () => ['run', '--rm', '--network=none', '--volume=/tmp:/etc/passwd', '--', images.plain, 'true'],
    'bad-mount-target',
  ],
  [
    'a file on a directory',
    () => ['run', '--rm', '--network=none', '--volume=/etc/hostname:/etc', '--', images.plain, 'true'],
    'bad-mount-target',
  ],
  ['bad name', () => ['run', '--name=_bad', '--', images.plain, 'true'], 'bad-name'],
];

describe('errors of the installed podman', () => {
  it.each(table)('are classified: %s', async (_case, args, reason) => {
    await expect(podman.run(args())).rejects.toMatchObject({ reason });
  });

  it('are classified: port in use', async () => {
    const name = uniqueContainerName();
    await podman.run(['run', '--detach', `--name=${name}`, '--publish=127.0.0.1::80', '--', images.plain, 'sleep', '600']);
    const port = (await podman.run(['port', '--', name])).trim().split(':').at(-1);
    const args = ['run', '--detach', `--name=${uniqueContainerName()}`, `--publish=127.0.0.1:${port}:80`, '--', images.plain, 'true'];
    await expect(podman.run(args)).rejects.toMatchObject({
      reason: 'port-in-use',
      message: expect.stringMatching(`[ :]${port} is in use`),
    });
  });

  it('are classified: memory below what the runtime needs', async context => {
    skipWithoutLimits(context);
    const args = ['run', '--rm', '--network=none', '--memory=64k', '--', images.plain, 'true'];
    await expect(podman.run(args)).rejects.toMatchObject({ reason: 'memory-too-small', status: 400 });
  });

  it('are classified: podman is not installed', async () => {
    await expect(createPodman({ maxProcesses: 1, binary: 'no-such-podman' }).run(['ps'])).rejects.toMatchObject({
      reason: 'no-podman',
      status: 503,
    });
  });

  it('do not exist for rm --force of a missing container', async () => {
    expect(await podman.run(['rm', '--force', '--time=0', '--', 'no-such'])).toBe('');
  });
});
