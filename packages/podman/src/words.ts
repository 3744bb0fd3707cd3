import { ApiError, type ErrorType } from '@podman-api/errors';
import { scrub } from './scrub.ts';

/** What went wrong, for code that has to tell faults apart. */
export type FaultReason =
  | 'no-container'
  | 'no-image'
  | 'name-in-use'
  | 'port-in-use'
  | 'not-running'
  | 'running'
  | 'bad-state'
  | 'bad-image'
  | 'bad-name'
  | 'bad-work-dir'
  | 'no-user'
  | 'no-network'
  | 'no-catatonit'
  | 'no-folder'
  | 'command-not-found'
  | 'command-not-executable'
  | 'no-podman'
  | 'garbled'
  | 'said-nothing'
  | 'other';

/** A failure of podman itself, made of its words. */
export class PodmanFault extends ApiError {
  readonly reason: FaultReason;

  constructor(reason: FaultReason, type: ErrorType, message: string, words: string, field?: string) {
    super(type, message, { ...(field && { details: [{ path: field, message }] }), podman: words });
    this.reason = reason;
  }
}

interface Rule {
  readonly words: RegExp;
  readonly reason: FaultReason;
  readonly type: ErrorType;
  /** The sentence for the caller; `what` is what the words' first group matched. */
  readonly message: (what: string) => string;
  /** The field of the request that is at fault. */
  readonly field?: string;
}

/**
 * Podman's words and what they mean; the first that matches counts. Measured with podman 4.3 and runc, worded
 * loosely enough for crun and podman 5. Exit codes are no help: 125 to 127 mean several things each.
 */
const rules: readonly Rule[] = [
  {
    words: /unable to connect to Podman socket/,
    reason: 'no-podman',
    type: 'ServiceUnavailableError',
    message: () => "The node's podman does not answer on its socket: start it there (systemctl enable --now podman.socket).",
  },
  {
    words:
      /no container with (?:name or ID|ID or name) "?([^"\s]+)"? found|no such object: "([^"]+)"|no such container:? "?([\w.-]+)"?|container "([^"]+)" does not exist/,
    reason: 'no-container',
    type: 'NotFoundError',
    message: name => `There is no container ${name}.`,
  },
  {
    // What a remote podman makes of any failure of `logs`.
    words: /lost synchronization with multiplexed stream/,
    reason: 'garbled',
    type: 'PodmanAPIError',
    message: () => 'Podman could not read the log.',
  },
  {
    words: /the container name "([^"]+)" is already in use/,
    reason: 'name-in-use',
    type: 'ConflictError',
    message: name =>
      `The name ${name} is in use: choose another, or remove the container that has it (one that no list shows goes with "podman rm --force ${name}" on the host).`,
  },
  {
    words:
      /(?:cannot listen on the (?:TCP|UDP|SCTP) port:|rootlessport) listen \w+ (\S+): bind: address already in use|(?:bind|listen)\S* (\S+): address already in use/,
    reason: 'port-in-use',
    type: 'ConflictError',
    message: address => `The host's port ${address.replace(/:$/, '')} is in use: choose another, or 0 to let podman choose.`,
    field: 'ports',
  },
  {
    words: /can only create exec sessions on running containers/,
    reason: 'not-running',
    type: 'ConflictError',
    message: () => 'The container is not running: start it first.',
  },
  {
    words: /cannot remove container (\S+) as it is (?:running|paused)/,
    reason: 'running',
    type: 'ConflictError',
    message: () => 'The container is running or paused: stop it first, or remove it with force=true.',
  },
  {
    words: /container state improper/,
    reason: 'bad-state',
    type: 'ConflictError',
    message: () => "The container's state does not allow that now: read its status and try again.",
  },
  {
    words: /(\S+): image not known|short-name "([^"]+)" did not resolve/,
    reason: 'no-image',
    type: 'NotFoundError',
    message: image => `There is no image ${image} here: give its full name with the registry, as in docker.io/library/alpine.`,
    field: 'image',
  },
  {
    words: /manifest unknown|name unknown|requested access to the resource is denied|unauthorized: /,
    reason: 'no-image',
    type: 'NotFoundError',
    message: () => 'The registry has no such image, or wants a login for it on the host ("podman login").',
    field: 'image',
  },
  {
    words: /invalid reference format|repository name must be lowercase|parsing reference/,
    reason: 'bad-image',
    type: 'ValidationError',
    message: () => 'image must be an image reference such as docker.io/library/alpine:3.20.',
    field: 'image',
  },
  {
    words: /names must match/,
    reason: 'bad-name',
    type: 'ValidationError',
    message: () => 'name must be made of letters, digits, "_", "." and "-", and begin with a letter or digit.',
    field: 'name',
  },
  {
    words: /chdir to cwd \("([^"]*)"\)|chdir(?: to)? [`'"]?([^`'":]+)|workdir "([^"]*)" does not exist/,
    reason: 'bad-work-dir',
    type: 'ValidationError',
    message: path => `work_dir: the container has no directory ${path}.`,
    field: 'work_dir',
  },
  {
    words: /unable to find user ([^:]+):|unable to find group ([^:]+):/,
    reason: 'no-user',
    type: 'ValidationError',
    message: user => `user: the container has no user or group ${user}.`,
    field: 'user',
  },
  {
    words: /unable to find network with name or ID ([^:]+):/,
    reason: 'no-network',
    type: 'ValidationError',
    message: network => `network: the host has no network ${network}.`,
    field: 'network',
  },
  {
    // Before the words of a command that was not found, which runc adds to these.
    words: /statfs \/.*: no such file|error mounting "[^"]+" to rootfs at "[^"]+": .*no such file|cannot stat [`'"]?\/.*: No such file/,
    reason: 'no-folder',
    type: 'ValidationError',
    message: () => 'volumes: the host has no such folder any more; make it there first.',
    field: 'volumes',
  },
  {
    words: /container-init binary not found|catatonit/,
    reason: 'no-catatonit',
    type: 'ValidationError',
    message: () => 'init: the host lacks catatonit, which podman runs as the init process; install it there.',
    field: 'init',
  },
  {
    words: /attempted to invoke a command that was not found|executable file .*not found/,
    reason: 'command-not-found',
    type: 'ValidationError',
    message: () => 'command: the container has no such executable.',
    field: 'command',
  },
  {
    words:
      /permission denied: OCI permission denied|exec[^:]*: (?:"[^"]*": )?(?:permission denied|is a directory)|the path `?[^`]*`? is not a regular file/i,
    reason: 'command-not-executable',
    type: 'ValidationError',
    message: () => 'command: that file in the container is not executable.',
    field: 'command',
  },
];

/**
 * The fault that podman's words tell of.
 * @param stderr what podman wrote; warnings before its `Error:` line are left out
 * @param args podman's arguments: paths in them are the caller's own and may be repeated to them
 */
export function faultOf(stderr: string, args: readonly string[]): PodmanFault {
  const words = stderr
    .replace(connectionNoise, '')
    .replace(/^(?:[\s\S]*\n)?Error: /, '')
    .trim();
  for (const { words: pattern, reason, type, message, field } of rules) {
    const match = pattern.exec(words);
    if (match) return new PodmanFault(reason, type, message(match.slice(1).find(group => group !== undefined) ?? ''), words, field);
  }
  if (words === '')
    return new PodmanFault('said-nothing', 'PodmanAPIError', 'Podman ended and said nothing; whether it did its work is unknown.', '');
  return new PodmanFault('other', 'PodmanAPIError', scrub(words, args), words);
}

/**
 * The fault, if it was podman that failed and not the command it ran in a container; both end up in one stderr
 * and one exit code. Podman that fails writes its warnings and one `Error:` and nothing else, with one of its
 * own codes; only 125 is taken for podman's whatever the words are.
 */
export function execFaultOf(exitCode: number | null, stderr: string, args: readonly string[]): PodmanFault | undefined {
  if (exitCode === null || !ownCodes.has(exitCode) || !/^(?:(?:time="|Cannot connect to Podman)[^\n]*\n)*Error: /.test(stderr))
    return undefined;
  const fault = faultOf(stderr, args);
  return fault.reason === 'other' && exitCode !== 125 ? undefined : fault;
}

/** What podman as a client adds once its service has closed the connection. */
const connectionNoise =
  /^(?:time="[^\n]*|Error: (?:read|write) unix(?:packet)? @->\S+: (?:read|write): (?:connection reset by peer|broken pipe))\n/gm;

const ownCodes: ReadonlySet<number> = new Set([125, 126, 127, 255]);
