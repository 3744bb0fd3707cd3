import { describe, expect, it } from 'vitest';
import { classifyError, isPodmanError } from '../../src/error-patterns/classify-error.ts';

const cases = [
  ['no container with name or ID "x" found: no such container', 'no-container', 404],
  // podman 5.4
  ['no container with ID or name "x" found: no such container', 'no-container', 404],
  ['inspecting object: no such object: "x"', 'no-container', 404],
  ['no such container x', 'no-container', 404],
  ['container "x" does not exist', 'no-container', 404],
  [
    'creating container storage: the container name "x" is already in use by 123. You have to remove that container to be able to reuse that name.: that name is already in use',
    'name-in-use',
    409,
  ],
  ['can only create exec sessions on running containers: container state improper', 'not-running', 409],
  [
    'cannot remove container 12 as it is running - running or paused containers cannot be removed without force: container state improper',
    'running',
    409,
  ],
  ['runtime /usr/bin/runc is missing: OCI runtime attempted to invoke a command that was not found', 'no-runtime', 500],
  ['container 12 is running or paused, refusing to clean up: container state improper', 'bad-state', 409],
  ['localhost/x: image not known', 'no-image', 404],
  [
    'short-name "x" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
    'no-image',
    404,
  ],
  ['initializing source docker://x:latest: reading manifest latest in example/x: manifest unknown: manifest unknown', 'no-image', 404],
  [
    'initializing source docker://10.0.0.1:22/x:latest: pinging container registry 10.0.0.1:22: Get "https://10.0.0.1:22/v2/": dial tcp 10.0.0.1:22: connect: connection refused',
    'no-registry',
    500,
  ],
  ['invalid reference format', 'bad-image', 400],
  [
    'runc: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: OCI permission denied',
    'limit-too-high',
    400,
  ],
  ['crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied', 'limit-too-high', 400],
  ['invalid IP address in add-host: "host-gateway"', 'no-host-gateway', 400],
  ['sha256:abc: invalid format: no 64-byte hexadecimal value', 'bad-image', 400],
  ['Invalid image name "LOCALHOST/x", expected colon-separated transport:reference', 'bad-image', 400],
  ['repository name must be lowercase', 'bad-image', 400],
  ['running container create option: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument', 'bad-name', 400],
  [
    'runc: exec failed: unable to start container process: chdir to cwd ("/x") set in config.json failed: no such file or directory: OCI runtime attempted to invoke a command that was not found',
    'bad-work-dir',
    400,
  ],
  ['crun: chdir to `/x`: No such file or directory: OCI runtime attempted to invoke a command that was not found', 'bad-work-dir', 400],
  ['workdir "/x" does not exist on container 12', 'bad-work-dir', 400],
  ['OCI runtime error: crun: chdir to `/x`: Not a directory', 'bad-work-dir', 400],
  ['workdir "/x" exists on container 12, but is not a directory', 'bad-work-dir', 400],
  ['statfs /srv/x: no such file or directory', 'no-folder', 400],
  [
    'runc: runc create failed: unable to start container process: error during container init: error mounting "/srv/x" to rootfs at "/data": stat /srv/x: no such file or directory: OCI runtime attempted to invoke a command that was not found',
    'no-folder',
    400,
  ],
  ['unable to find user x: no matching entries in passwd file', 'no-user', 400],
  [
    'runc: exec failed: unable to start container process: exec: "x": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found',
    'command-not-found',
    400,
  ],
  [
    'crun: executable file `x` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    'command-not-found',
    400,
  ],
  [
    'crun: executable file `/x` not found: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    'command-not-found',
    400,
  ],
  ['OCI runtime error: crun: cannot open `/etc/passwd/x`: Not a directory', 'command-not-found', 400],
  [
    'OCI runtime error: runc: exec failed: unable to start container process: exec: "/etc/passwd/x": stat /etc/passwd/x: not a directory',
    'command-not-found',
    400,
  ],
  [
    'runc: exec failed: unable to start container process: exec: "/etc": permission denied: OCI permission denied',
    'command-not-executable',
    400,
  ],
  ['runc: exec failed: unable to start container process: exec: "/etc": is a directory: OCI runtime error', 'command-not-executable', 400],
  ['crun: the path `/etc` is not a regular file: Operation not permitted: OCI permission denied', 'command-not-executable', 400],
  [
    'crun: the path `/etc/passwd` exists but it is not executable: Operation not permitted: OCI permission denied',
    'command-not-executable',
    400,
  ],
  ['crun: open executable: Permission denied: OCI permission denied', 'command-not-executable', 400],
  ['cannot listen on the TCP port: listen tcp4 127.0.0.1:8099: bind: address already in use', 'port-in-use', 409],
  [
    "pasta failed with exit code 1:\nFailed to bind port 40525 (Address already in use) for option '-t 127.0.0.1/40525-40525:80-80', exiting",
    'port-in-use',
    409,
  ],
  ['unable to find network with name or ID x: network not found', 'no-network', 400],
  ['no command or entrypoint provided, and no CMD or ENTRYPOINT from image', 'no-command', 400],
  [
    'crun: cannot find `` in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    'no-command',
    400,
  ],
  [
    'OCI runtime error: runc: runc create failed: unable to start container process: error during container init: error setting cgroup config for procHooks process: unable to set memory limit to 65536 (current usage: 2744320, peak usage: 3006464)',
    'memory-too-small',
    400,
  ],
  [
    'OCI runtime error: runc: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?)',
    'memory-too-small',
    400,
  ],
  ['crun: writing file `memory.max`: Device or resource busy: OCI runtime error', 'memory-too-small', 400],
  ['OCI runtime error: crun: OOM: the memory limit could be too low: read from the init process', 'memory-too-small', 400],
  ['/data: duplicate mount destination', 'duplicate-mount', 400],
  ['conflict in specified volumes - multiple volumes at "/data": duplicate mount destination', 'duplicate-mount', 400],
  ['unknown mount option "foo=1": invalid mount option', 'bad-mount-option', 400],
  [
    'OCI runtime error: runc: runc create failed: unable to start container process: error during container init: error mounting "tmpfs" to rootfs at "/x": mount tmpfs:/tmp/runctop1/runctmpdir2 (via /proc/self/fd/6), flags: 0x6, data: size=huge: invalid argument',
    'bad-mount-option',
    400,
  ],
  ['OCI runtime error: crun: mount `tmpfs` to `x`: Invalid argument', 'bad-mount-option', 400],
  ['OCI runtime error: crun: mount `/etc/hostname` to `etc`: Not a directory', 'bad-mount-target', 400],
  ['OCI runtime error: crun: openat2 `/etc/passwd/x`: Not a directory', 'bad-mount-target', 400],
  [
    'OCI runtime error: crun: error creating directory `etc/passwd/x` since `etc/passwd` exists and it is not a directory: Not a directory',
    'bad-mount-target',
    400,
  ],
  [
    'crun: mkdir `/proc/x`: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    'bad-mount-target',
    400,
  ],
  ['crun: mkdir `/sys/x`: Operation not permitted: OCI permission denied', 'bad-mount-target', 400],
  ['OCI runtime error: crun: failed open()ing `/dev/null`: Is a directory', 'bad-mount-target', 400],
  [
    'OCI runtime error: runc: runc create failed: unable to start container process: error during container init: error mounting "/etc/hostname" to rootfs at "/etc": mount /etc/hostname:/etc (via /proc/self/fd/6), flags: 0x5000: not a directory',
    'bad-mount-target',
    400,
  ],
  [
    'OCI runtime error: runc: runc create failed: unable to start container process: error during container init: error reopening /dev/null inside container: open /dev/null: is a directory',
    'bad-mount-target',
    400,
  ],
  ['unable to find user 0: read /srv: is a directory', 'bad-mount-target', 400],
  [
    'identifying source directory for copy up into volume v: lstat /graph/overlay/12/merged/etc/passwd/x: not a directory',
    'bad-mount-target',
    400,
  ],
  [
    'unable to connect to Podman socket: failed to connect: dial unix /run/podman/podman.sock: connect: connection refused',
    'no-podman',
    503,
  ],
  ['an error that no pattern matches', 'other', 500],
] as const;

/** A podman command that can fail for the reason; default: `run`. */
const verbs: Readonly<Record<string, string>> = { 'not-running': 'exec', running: 'rm' };

describe('classifyError', () => {
  it.each(cases)('classifies: %s', (message, reason, status) => {
    const stderr = `time="2026-01-01T00:00:00Z" level=warning msg="beside"\nError: ${message}\n`;
    const fault = classifyError(stderr, [verbs[reason] ?? 'run']);
    expect(fault).toMatchObject({ reason, status, fields: { podman: message } });
  });

  it.each([
    ['pause', 'can not pause containers on rootless containers with cgroup V1: this container does not have a cgroup', 'not-supported'],
    ['unpause', 'unpause is not supported for cgroupv1 rootless containers', 'not-supported'],
    ['stats', 'stats is not supported in rootless mode without cgroups v2', 'not-supported'],
    ['cp', 'copying from container: open /proc/4711/ns/mnt: no such file or directory', 'not-running'],
  ])('expects of podman %s: %s', (verb, message, reason) => {
    expect(classifyError(`Error: ${message}\n`, [verb])).toMatchObject({ reason, status: 409 });
  });

  it('names the container or user in its message', () => {
    expect(classifyError('Error: no container with name or ID "web" found: no such container', []).message).toBe(
      'There is no container web.',
    );
    expect(classifyError('Error: unable to find user app: no matching entries in passwd file', ['exec']).fields.details).toEqual([
      { path: 'user', message: 'user: the container has no user or group app.' },
    ]);
  });

  it.each([
    ['/data: duplicate mount destination', 'volumes', '/data'],
    ['conflict in specified volumes - multiple volumes at "/data": duplicate mount destination', 'volumes', '/data'],
    ['unknown mount option "foo=1": invalid mount option', 'tmpfs', 'foo=1'],
    ['no command or entrypoint provided, and no CMD or ENTRYPOINT from image', 'command', '["sleep", "300"]'],
    ['runc: unable to set memory limit to 65536 (current usage: 2744320, peak usage: 3006464)', 'memory', '"6m"'],
  ])('names the field and what to change for: %s', (words, path, part) => {
    expect(classifyError(`Error: ${words}\n`, ['run']).fields.details).toEqual([{ path, message: expect.stringContaining(part) }]);
  });

  it('removes paths of the host from the message, and keeps those of the caller', () => {
    const words = 'Error: open /var/lib/containers/storage/x.json: no space left, while at /app/data of https://example.org/v2/';
    expect(classifyError(words, ['exec', '--workdir=/app/data']).message).toBe(
      'open <path on the host>: no space left, while at /app/data of https://example.org/v2/',
    );
  });

  it('reports an unknown outcome for an empty stderr', () => {
    expect(classifyError('', [])).toMatchObject({ reason: 'no-message', status: 500, message: expect.stringContaining('unknown') });
  });

  it('ignores what a remote podman prints about its connection', () => {
    const words =
      'time="2026-01-01T00:00:00Z" level=error msg="x"\nError: chdir to cwd ("/x") set in config.json failed\nError: read unixpacket @->/proc/self/fd/14/attach: read: connection reset by peer\n';
    expect(classifyError(words, ['exec'])).toMatchObject({ reason: 'bad-work-dir' });
    const away =
      'Cannot connect to Podman. Please verify your connection\nError: unable to connect to Podman socket: dial unix /x: connect: no such file\n';
    expect(classifyError(away, ['exec'])).toMatchObject({ reason: 'no-podman', status: 503 });
  });

  it.each([
    ['exec', 'short-name "x" did not resolve to an alias and no unqualified-search registries are defined'],
    ['exec', 'the container name "x" is already in use by 123'],
    ['start', 'can only create exec sessions on running containers'],
    ['rm', 'runc: exec: "x": executable file not found in $PATH'],
    ['ps', 'unable to find user x: no matching entries in passwd file'],
  ])('does not expect of podman %s: %s', (verb, words) => {
    expect(classifyError(`Error: ${words}\n`, [verb])).toMatchObject({ reason: 'other', status: 500 });
  });
});

describe('isPodmanError', () => {
  it.each([
    [127, 'Error: x\n', true],
    [125, 'time="2026-01-01T00:00:00Z" level=warning msg="x"\nError: x\n', true],
    [255, 'Cannot connect to Podman. Please verify your connection\nError: x\n', true],
    [1, 'Error: x\n', false],
    [127, 'before\nError: x\n', false],
    [126, '', false],
  ])('returns for exit code %i and stderr %j: %s', (exitCode, stderr, expected) => {
    expect(isPodmanError(exitCode, stderr)).toBe(expected);
  });
});
