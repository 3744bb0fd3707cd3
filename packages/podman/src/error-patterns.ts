import { createErrorPatterns } from './create-error-patterns.ts';
import { type ErrorPattern, making, starting } from './error-pattern.ts';
import { PodmanFault } from './podman-fault.ts';
import { scrub } from './scrub.ts';
import { verbOf } from './watch.ts';

const executing = new Set([...starting, 'exec']);

/**
 * Podman's error messages and what they mean; the first that matches counts. Measured with podman 4.3 and
 * runc; the messages of podman 5.4 and crun are those that users reported. Exit codes do not tell failures apart: 125 to 127 mean several things each.
 */
const patterns: readonly ErrorPattern[] = [
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
    // What a remote podman makes of any failure of `logs`.
    pattern: /lost synchronization with multiplexed stream/,
    reason: 'garbled',
    type: 'PodmanAPIError',
    verbs: new Set(['logs']),
    message: () => 'Podman could not read the log.',
  },
  {
    pattern: /the container name "([^"]+)" is already in use/,
    reason: 'name-in-use',
    type: 'ConflictError',
    verbs: making,
    message: name =>
      `The name ${name} is in use: choose another, or remove the container that has it (one that no list shows goes with "podman rm --force ${name}" on the host).`,
  },
  {
    pattern: /can only create exec sessions on running containers/,
    reason: 'not-running',
    type: 'ConflictError',
    verbs: new Set(['exec']),
    message: () => 'The container is not running: start it first.',
  },
  {
    pattern: /cannot remove container (\S+) as it is (?:running|paused)/,
    reason: 'running',
    type: 'ConflictError',
    verbs: new Set(['rm']),
    message: () => 'The container is running or paused: stop it first, or remove it with force=true.',
  },
  {
    pattern: /container state improper/,
    reason: 'bad-state',
    type: 'ConflictError',
    message: () => "The container's state does not allow that now: read its status and try again.",
  },
  {
    pattern: /(\S+): image not known|short-name "([^"]+)" did not resolve/,
    reason: 'no-image',
    type: 'NotFoundError',
    verbs: new Set([...making, 'image inspect']),
    message: image => `There is no image ${image} here: give its full name with the registry, as in docker.io/library/alpine.`,
    field: 'image',
  },
  {
    pattern: /manifest unknown|name unknown|requested access to the resource is denied|unauthorized: /,
    reason: 'no-image',
    type: 'NotFoundError',
    verbs: new Set([...making, 'image inspect']),
    message: () => 'The registry has no such image, or wants a login for it on the host ("podman login").',
    field: 'image',
  },
  {
    pattern:
      /invalid reference format|repository name must be lowercase|parsing reference|no 64-byte hexadecimal value|Invalid image name "/,
    reason: 'bad-image',
    type: 'ValidationError',
    verbs: new Set([...making, 'image inspect']),
    message: () => 'image must be an image reference such as docker.io/library/alpine:3.20.',
    field: 'image',
  },
  {
    pattern: /names must match/,
    reason: 'bad-name',
    type: 'ValidationError',
    verbs: making,
    message: () => 'name must be made of letters, digits, "_", "." and "-", and begin with a letter or digit.',
    field: 'name',
  },
  {
    pattern: /chdir to cwd \("([^"]*)"\)|chdir(?: to)? [`'"]?([^`'":]+)|workdir "([^"]*)" does not exist/,
    reason: 'bad-work-dir',
    type: 'ValidationError',
    verbs: executing,
    message: path => `work_dir: the container has no directory ${path}.`,
    field: 'work_dir',
  },
  {
    pattern: /unable to find user ([^:]+):|unable to find group ([^:]+):|uids and gids must be in range/,
    reason: 'no-user',
    type: 'ValidationError',
    verbs: new Set([...executing, 'cp']),
    message: user => `user: the container has no user or group ${user}.`,
    field: 'user',
  },
  // Before the words of a command that was not found, which runc adds to those of a folder.
  ...createErrorPatterns,
  {
    pattern: /attempted to invoke a command that was not found|executable file .*not found/,
    reason: 'command-not-found',
    type: 'ValidationError',
    verbs: executing,
    message: () => 'command: the container has no such executable.',
    field: 'command',
  },
  {
    pattern:
      /permission denied: OCI permission denied|exec[^:]*: (?:"[^"]*": )?(?:permission denied|is a directory)|the path `?[^`]*`? is not a regular file/i,
    reason: 'command-not-executable',
    type: 'ValidationError',
    verbs: executing,
    message: () => 'command: that file in the container is not executable.',
    field: 'command',
  },
  {
    // runc 1.1, crun, and shells.
    pattern: /read init-p: connection reset by peer|resource temporarily unavailable|cannot (?:allocate memory|fork)/i,
    reason: 'limit-reached',
    type: 'ConflictError',
    verbs: new Set(['exec']),
    message: () =>
      'No process could be started in the container: it has reached its pids_limit or memory limit; end some of its processes first.',
  },
];

/**
 * Makes an error of what podman wrote.
 * @param stderr warnings before its `Error:` line are left out
 * @param args podman's arguments: paths in them are the caller's own and may be repeated to them
 */
export function classifyError(stderr: string, args: readonly string[]): PodmanFault {
  const text = stderr
    .replace(connectionNoise, '')
    .replace(/^(?:[\s\S]*\n)?Error: /, '')
    .trim();
  const verb = verbOf(args);
  for (const { pattern, verbs, reason, type, message, field } of patterns) {
    const match = verbs && !verbs.has(verb) ? null : pattern.exec(text);
    if (match) return new PodmanFault(reason, type, message(match.slice(1).find(group => group !== undefined) ?? ''), text, field);
  }
  if (text === '')
    return new PodmanFault('said-nothing', 'PodmanAPIError', 'Podman exited without a message; whether it did its work is unknown.', '');
  return new PodmanFault('other', 'PodmanAPIError', scrub(text, args), text);
}

/**
 * Whether a failure of `podman exec` may be podman's own: it then writes its warnings, one `Error:` and nothing else, and exits
 * with a code of its own. A command can write and return the same.
 */
export function isPodmanError(exitCode: number, stderr: string): boolean {
  return podmanCodes.has(exitCode) && /^(?:(?:time="|Cannot connect to Podman)[^\n]*\n)*Error: /.test(stderr);
}

/** What podman as a client adds once its service has closed the connection. */
const connectionNoise =
  /^(?:time="[^\n]*|Error: (?:read|write) unix(?:packet)? @->\S+: (?:read|write): (?:connection reset by peer|broken pipe))\n/gm;

const podmanCodes: ReadonlySet<number> = new Set([125, 126, 127, 255]);
