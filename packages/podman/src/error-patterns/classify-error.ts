import { verbOf } from '../podman-verb.ts';
import { errorPatterns } from './general-patterns.ts';
import { PodmanFault } from './podman-fault.ts';

/** Lines that podman as a client adds after its service has closed the connection. */
const connectionNoise =
  /^(?:time="[^\n]*|Error: (?:read|write) unix(?:packet)? @->\S+: (?:read|write): (?:connection reset by peer|broken pipe))\n/gm;

/** Exit codes that podman uses for its own failures. */
const podmanExitCodes: ReadonlySet<number> = new Set([125, 126, 127, 255]);

/** Errors about a container or its exec session, which podman reads before and after a command. */
const errorsAroundCommand = /does not exist in database|found in database|already been removed|exec session|timed out waiting for file/;
/** Errors that podman writes only before a command. After a command it ignores a missing session. */
const errorsBeforeCommand = /can only (?:create|start) exec sessions|has no exec session with ID/;

const absolutePath = /(?<![\w:/.])\/[\w.@+-]+(?:\/[\w.@+-]*)*/g;

/**
 * Returns the error for the caller, with its HTTP status, for an error message of podman.
 * @param stderr warnings before its `Error:` line are left out
 * @param args podman's arguments; paths in them are the caller's own and may be part of the message
 */
export function classifyError(stderr: string, args: readonly string[]): PodmanFault {
  const text = stderr
    .replace(connectionNoise, '')
    .replace(/^(?:[\s\S]*\n)?Error: /, '')
    .trim();
  const verb = verbOf(args);
  for (const { pattern, verbs, reason, type, message, field } of errorPatterns) {
    const match = verbs && !verbs.has(verb) ? null : pattern.exec(text);
    if (match) return new PodmanFault(reason, type, message(match.slice(1).find(group => group !== undefined) ?? ''), text, field);
  }
  if (text === '') {
    return new PodmanFault('no-message', 'PodmanAPIError', 'Podman exited without a message; whether it did its work is unknown.', '');
  }
  return new PodmanFault('other', 'PodmanAPIError', removeHostPaths(text, args), text);
}

/**
 * Whether a failure of `podman exec` may be podman's own: it then writes its warnings, one `Error:` and nothing else, and exits
 * with a code of its own. A command can write and return the same.
 */
export function isPodmanError(exitCode: number, stderr: string): boolean {
  return podmanExitCodes.has(exitCode) && /^(?:(?:time="|Cannot connect to Podman)[^\n]*\n)*Error: /.test(stderr);
}

/**
 * Whether runc may have crashed in the container before the command started: its Go runtime got no thread there, wrote a trace on the
 * command's stderr and exited with 2 (runc 1.1 at the `pids_limit`). A command can write and return the same.
 */
export function isRuntimeCrash(exitCode: number, stderr: string): boolean {
  return exitCode === 2 && /^(?:runtime|fatal error|SIGABRT|panic)\b/.test(stderr) && stderr.includes('/opencontainers/runc/');
}

/**
 * Whether podman may have written an error of `podman exec` after the command had run. Podman locks the container again then and reads
 * its state for the exit code, which fails if the container was removed or started again meanwhile. Podman exits with the same codes as
 * for an error before the command (libpod/container_exec.go: `exec`).
 */
export function mayFollowCommand(stderr: string): boolean {
  return errorsAroundCommand.test(stderr) && !errorsBeforeCommand.test(stderr);
}

/** Replaces paths of the host in a message of podman; paths in its arguments are the caller's own and stay. */
function removeHostPaths(text: string, args: readonly string[]): string {
  return text.replace(absolutePath, path => (args.some(arg => arg.includes(path)) ? path : '<path on the host>'));
}
