import { describe, expect, it } from 'vitest';
import { classifyError } from '../../src/error-patterns/classify-error.ts';

const id = 'ab'.repeat(32);
const commandNotFound = 'OCI runtime attempted to invoke a command that was not found';

/** Podman's subcommand, its message, and the expected classification. */
const cases = [
  ['start', `container ${id} does not exist in database: no such container`, 'no-container', 404],
  ['exec', `container ${id} does not exist in database: no such container`, 'no-container', 404],
  ['stop', `container ${id} is not valid: container has already been removed`, 'no-container', 404],
  ['container inspect', 'container has already been removed', 'no-container', 404],
  // podman 5, whose database is SQLite
  ['rename', `no container with ID ${id} found in database: no such container`, 'no-container', 404],
  ['volume rm', 'no volume with name data found in database: no such volume', 'no-volume', 404],
  ['volume rm', 'volume has already been removed', 'no-volume', 404],
  ['exec', 'can only start exec sessions when their container is running: container state improper', 'not-running', 409],
  ['exec', `container ${id} has no exec session with ID ${id}: no such exec session`, 'not-running', 409],
  ['exec', 'runc: exec failed: cannot exec in a stopped container: OCI runtime error', 'not-running', 409],
  ['exec', 'runc: exec failed: cannot exec in a paused container (use --ignore-paused to override): OCI runtime error', 'not-running', 409],
  [
    'exec',
    `runc: exec failed: unable to start container process: namespace path: lstat /proc/4711/ns/ipc: no such file or directory: ${commandNotFound}`,
    'not-running',
    409,
  ],
  ['exec', `OCI runtime error: crun: the container \`${id}\` is not running`, 'not-running', 409],
  ['exec', `OCI runtime error: crun: the container \`${id}\` is paused`, 'not-running', 409],
  ['top', 'open /proc/4711/ns/mnt: no such file or directory', 'not-running', 409],
  ['top', 'read /proc/4711/stat: no such process', 'not-running', 409],
  ['stats', `cannot get cgroup path unless container ${id} is running: container is stopped`, 'not-running', 409],
  ['stats', 'unable to load cgroup at /libpod_parent/libpod-1: cgroup deleted', 'not-running', 409],
  ['stats', 'unable to obtain cgroup stats: open /sys/fs/cgroup/x/cpu.stat: no such file or directory', 'not-running', 409],
  [
    'rm',
    'cannot remove container 12 as it is stopping - running or paused containers cannot be removed without force: container state improper',
    'running',
    409,
  ],
] as const;

describe('classifyError, for a container or volume that something else has changed meanwhile', () => {
  it.each(cases)('classifies for podman %s: %s', (verb, message, reason, status) => {
    expect(classifyError(`Error: ${message}\n`, verb.split(' '))).toMatchObject({ reason, status });
  });

  it('does not show ids of podman', () => {
    const removed = classifyError(`Error: container ${id} does not exist in database: no such container\n`, ['start']);
    expect(removed.message).toBe('The container was removed meanwhile.');
    const volume = classifyError('Error: no volume with name data found in database: no such volume\n', ['volume', 'rm']);
    expect(volume.message).toBe('There is no volume data.');
  });
});
