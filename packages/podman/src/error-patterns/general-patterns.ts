import { createPatterns } from './create-patterns.ts';
import { imagePatterns } from './image-patterns.ts';
import { creatingVerbs, type ErrorPattern, startingVerbs } from './pattern.ts';
import { resourcePatterns } from './resource-patterns.ts';
import { statePatterns } from './state-patterns.ts';

/** Subcommands that run a program in a container. */
const executingVerbs = new Set([...startingVerbs, 'exec']);

/**
 * All known errors; the first pattern that matches counts. The messages were observed with podman 4.3 and runc, and with podman 5.4,
 * runc and crun. Exit codes do not tell failures apart: 125 to 127 mean several things each.
 */
export const errorPatterns: readonly ErrorPattern[] = [
  ...imagePatterns,
  {
    pattern: /unable to connect to Podman socket/,
    reason: 'no-podman',
    type: 'ServiceUnavailableError',
    message: () => "The node's podman does not answer on its socket: start it there (systemctl enable --now podman.socket).",
  },
  {
    pattern:
      /no container with (?:name or ID|ID or name) "?([^"\s]+)"? found|no such object: "([^"]+)"|no such container:? "?([\w.-]+)"?|container "([^"]+)" does not exist/,
    reason: 'no-container',
    type: 'NotFoundError',
    message: name => `There is no container ${name}.`,
  },
  {
    // Podman finds the container, waits for its lock, and then reads the state, which a removal has deleted in between.
    pattern: /container \S+ does not exist in database|no container with ID \S+ found in database|container has already been removed/,
    reason: 'no-container',
    type: 'NotFoundError',
    message: () => 'The container was removed meanwhile.',
  },
  {
    pattern: /(\S+) not found: layer not known/,
    reason: 'no-container',
    type: 'NotFoundError',
    verbs: new Set(['diff']),
    message: name => `There is no container ${name}.`,
  },
  {
    pattern: /unknown flag: --pids-limit/,
    reason: 'not-supported',
    type: 'ConflictError',
    verbs: new Set(['update']),
    message: () => 'The podman of this node cannot change pids_limit: create the container again, or update podman there (5.1 can).',
    field: 'pids_limit',
  },
  {
    pattern: /unknown flag: --restart/,
    reason: 'not-supported',
    type: 'ConflictError',
    verbs: new Set(['update']),
    message: () => 'The podman of this node cannot change restart_policy: create the container again, or update podman there (5.1 can).',
    field: 'restart_policy',
  },
  {
    // Podman writes the runtime's own message into its log only.
    pattern: /(?:runc|crun) update .* failed: exit status/,
    reason: 'update-refused',
    type: 'ConflictError',
    verbs: new Set(['update']),
    message: () =>
      'The runtime refused the new limits: memory must be more than the container uses now. Without root, limits also require cgroups v2.',
  },
  {
    pattern: /invalid change "([^"]*)"/,
    reason: 'bad-change',
    type: 'ValidationError',
    verbs: new Set(['commit']),
    message: change => `changes: podman does not understand "${change}": write it as in a Containerfile, such as CMD ["sleep", "5"].`,
    field: 'changes',
  },
  {
    // A remote podman reports any failure of `logs` like this.
    pattern: /lost synchronization with multiplexed stream/,
    reason: 'garbled',
    type: 'PodmanAPIError',
    verbs: new Set(['logs']),
    message: () => 'Podman could not read the log: run "podman logs" on podman\'s own host to see the reason.',
  },
  {
    pattern: /the container name "([^"]+)" is already in use|name (\S+) already in use, cannot rename/,
    reason: 'name-in-use',
    type: 'ConflictError',
    verbs: new Set([...creatingVerbs, 'rename']),
    message: name =>
      `The name ${name} is in use: choose another, or remove the container that has it (if no list shows it, run "podman rm --force ${name}" on the host).`,
  },
  {
    // Podman adds the message of a missing command.
    pattern: /runtime \S+ is missing: |OCI Runtime \S+ is in use by a container, but is not available/,
    reason: 'no-runtime',
    type: 'PodmanAPIError',
    message: () =>
      'The OCI runtime that the container was created with is missing on its node: install it there, or recreate the container.',
  },
  ...statePatterns,
  {
    pattern: /(\S+): image not known|short-name "([^"]+)" did not resolve/,
    reason: 'no-image',
    type: 'NotFoundError',
    verbs: new Set([...creatingVerbs, 'image inspect']),
    message: image => `There is no image ${image} here: give its full name with the registry, as in docker.io/library/alpine.`,
    field: 'image',
  },
  {
    pattern: /manifest unknown|name unknown|requested access to the resource is denied|unauthorized: /,
    reason: 'no-image',
    type: 'NotFoundError',
    verbs: new Set([...creatingVerbs, 'image inspect']),
    message: () => 'The registry has no such image, or requires a login on the host ("podman login").',
    field: 'image',
  },
  {
    // Without podman's reason, from which callers could learn which ports in the node's network are open.
    pattern: /pinging container registry (\S+): /,
    reason: 'no-registry',
    type: 'PodmanAPIError',
    verbs: creatingVerbs,
    message: registry => `The node cannot reach the registry ${registry}: check the name, and whether the node may connect to it.`,
    field: 'image',
  },
  {
    pattern:
      /invalid reference format|repository name must be lowercase|parsing reference|no 64-byte hexadecimal value|Invalid image name "/,
    reason: 'bad-image',
    type: 'ValidationError',
    verbs: new Set([...creatingVerbs, 'image inspect']),
    message: () => 'image must be an image reference such as docker.io/library/alpine:3.20.',
    field: 'image',
  },
  {
    pattern: /names must match/,
    reason: 'bad-name',
    type: 'ValidationError',
    verbs: creatingVerbs,
    message: () => 'name must be made of letters, digits, "_", "." and "-", and begin with a letter or digit.',
    field: 'name',
  },
  {
    pattern:
      /chdir to cwd \("([^"]*)"\)|chdir(?: to)? [`'"]?([^`'":]+)|workdir "([^"]*)" (?:does not exist|exists on container \S+, but is not a directory)/,
    reason: 'bad-work-dir',
    type: 'ValidationError',
    verbs: executingVerbs,
    message: path => `work_dir: the container has no directory ${path}.`,
    field: 'work_dir',
  },
  {
    // A directory is mounted on the file with the list of users.
    pattern: /unable to find user ([^:]+): (?!read )|unable to find group ([^:]+):|uids and gids must be in range/,
    reason: 'no-user',
    type: 'ValidationError',
    verbs: new Set([...executingVerbs, 'cp']),
    message: user => `user: the container has no user or group ${user}.`,
    field: 'user',
  },
  ...resourcePatterns,
  // Before the pattern of a missing command: runc adds that message to the one of a missing folder.
  ...createPatterns,
  {
    // Podman has no error of its own for a path below a file: runc, crun.
    pattern:
      /attempted to invoke a command that was not found|executable file .*not found|exec: "[^"]*": stat [^:]*: not a directory|cannot open `[^`]*`: Not a directory/,
    reason: 'command-not-found',
    type: 'ValidationError',
    verbs: executingVerbs,
    message: () => 'command: the container has no such executable.',
    field: 'command',
  },
  {
    pattern:
      /permission denied: OCI permission denied|exec[^:]*: (?:"[^"]*": )?(?:permission denied|is a directory)|the path `?[^`]*`? (?:is not a regular file|exists but it is not executable)/i,
    reason: 'command-not-executable',
    type: 'ValidationError',
    verbs: executingVerbs,
    message: () => 'command: that file in the container is not executable.',
    field: 'command',
  },
  {
    // Messages of runc 1.1, of crun and of shells.
    pattern:
      /read init-p: connection reset by peer|resource temporarily unavailable|cannot (?:allocate memory|fork)|memory limit (?:could be )?too low/i,
    reason: 'limit-reached',
    type: 'ConflictError',
    verbs: new Set(['exec']),
    message: () =>
      'No process could be started in the container: it has reached its pids_limit or memory limit; end some of its processes first.',
  },
];
