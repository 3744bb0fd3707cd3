import { creatingVerbs, type ErrorPattern, startingVerbs } from './pattern.ts';

function mountOptionMessage(subject: string): string {
  return `tmpfs: podman refuses the mount options (${subject}): write them as in "size=64m,mode=1777".`;
}

/** Errors about an option of a create. Some are reported only when the container starts. */
export const createPatterns: readonly ErrorPattern[] = [
  {
    pattern:
      /(?:cannot listen on the (?:TCP|UDP|SCTP) port:|rootlessport) listen \w+ (\S+): bind: address already in use|(?:bind|listen)\S* (\S+): address already in use|Failed to bind port (\d+) \(Address already in use\)/,
    reason: 'port-in-use',
    type: 'ConflictError',
    verbs: startingVerbs,
    message: address => `The host's port ${address.replace(/:$/, '')} is in use: choose another, or 0 to let podman choose.`,
    field: 'ports',
  },
  {
    pattern: /unable to find network with name or ID ([^:]+):/,
    reason: 'no-network',
    type: 'ValidationError',
    verbs: creatingVerbs,
    message: network => `network: the host has no network ${network}.`,
    field: 'network',
  },
  {
    pattern: /statfs \/.*: no such file|error mounting "[^"]+" to rootfs at "[^"]+": .*no such file|cannot stat [`'"]?\/.*: No such file/,
    reason: 'no-folder',
    type: 'ValidationError',
    verbs: startingVerbs,
    message: () => 'volumes: the host no longer has that directory; create it there first.',
    field: 'volumes',
  },
  {
    pattern: /container-init binary not found|catatonit/,
    reason: 'no-catatonit',
    type: 'ValidationError',
    verbs: startingVerbs,
    message: () => 'init: the host lacks catatonit, which podman runs as the init process; install it there.',
    field: 'init',
  },
  {
    pattern: /default OCI runtime "([^"]+)" not found/,
    reason: 'no-runtime',
    type: 'ValidationError',
    verbs: creatingVerbs,
    message: runtime => `runtime: podman on the node has no OCI runtime ${runtime}; install it there, or name another.`,
    field: 'runtime',
  },
  {
    pattern: /invalid IP address in add-host: "host-gateway"/,
    reason: 'no-host-gateway',
    type: 'ValidationError',
    verbs: creatingVerbs,
    message: () =>
      'extra_hosts: podman on the node is older than 4.7 and does not know host-gateway; use the name host.containers.internal.',
    field: 'extra_hosts',
  },
  {
    pattern: /conflicting options: dns and the network mode: (\w+)/,
    reason: 'dns-conflict',
    type: 'ValidationError',
    verbs: creatingVerbs,
    message: network => `dns: a container with the network ${network} cannot have its own DNS servers; leave out dns.`,
    field: 'dns',
  },
  {
    // runc, crun. With a limit from the caller, podman ignores the default_ulimits of containers.conf.
    pattern: /error setting rlimit type|setrlimit `?RLIMIT_\w+`?: Operation not permitted/,
    reason: 'limit-too-high',
    type: 'ValidationError',
    verbs: startingVerbs,
    message: () =>
      'ulimits: a limit is higher than the node allows; lower it, and set both nofile and nproc, because podman uses the maximum for the one that is missing.',
    field: 'ulimits',
  },
  {
    // Podman 5.4 tries to run an empty string: runc, crun.
    pattern: /no command or entrypoint provided|exec: "": executable file not found|cannot find `` in \$PATH|executable file `` not found/,
    reason: 'no-command',
    type: 'ValidationError',
    verbs: creatingVerbs,
    message: () => 'command: the image has no default command; give one, such as ["sleep", "300"].',
    field: 'command',
  },
  {
    // runc 1.1 at creation; runc whose process the kernel killed; crun, by the version of cgroups.
    pattern:
      /unable to set memory limit|container init was OOM-killed|memory limit could be too low|memory\.(?:max|limit_in_bytes)\W+(?:Device or resource busy|device or resource busy)/,
    reason: 'memory-too-small',
    type: 'ValidationError',
    verbs: startingVerbs,
    message: () => 'memory: too little for the container to start; give it at least "6m".',
    field: 'memory',
  },
  {
    pattern: /(?:(\/\S*)|at "([^"]*)"): duplicate mount destination/,
    reason: 'duplicate-mount',
    type: 'ValidationError',
    verbs: creatingVerbs,
    message: path => `volumes: ${path} is the target of two volumes or tmpfs: give each its own target.`,
    field: 'volumes',
  },
  {
    pattern: /unknown mount option "([^"]*)"|error mounting "tmpfs" to rootfs at "([^"]*)": .*[Ii]nvalid argument/,
    reason: 'bad-mount-option',
    type: 'ValidationError',
    verbs: startingVerbs,
    message: mountOptionMessage,
    field: 'tmpfs',
  },
  {
    // crun leaves out the leading slash.
    pattern: /mount `tmpfs` to `\/?([^`]*)`: Invalid argument/,
    reason: 'bad-mount-option',
    type: 'ValidationError',
    verbs: startingVerbs,
    message: path => mountOptionMessage(`/${path}`),
    field: 'tmpfs',
  },
  {
    // A file at the target, or above it; a target in /proc or /sys. Podman itself cannot read what it mounted on /etc/passwd.
    pattern:
      /error mounting "[^"]*" to rootfs at "\/?([^"]*)": .*(?:not a directory|proc-safety|read-only file system)|(?:mount `[^`]*` to|openat2|mkdir|error creating directory) `\/?([^`]*)`.*(?:Not a directory|No such file or directory|Operation not permitted)|identifying source directory for copy up into volume .*\/merged\/(\S*): not a directory|unable to find user [^:]+: read \S+ is a directory|open\S* `?(?:\/(dev\/null))\b.*is a directory/i,
    reason: 'bad-mount-target',
    type: 'ValidationError',
    verbs: startingVerbs,
    message: path =>
      `volumes: nothing can be mounted on ${path === '' ? 'the target' : `/${path}`}: the image has a file there or above it, or it is in /proc or /sys; choose another target.`,
    field: 'volumes',
  },
];
