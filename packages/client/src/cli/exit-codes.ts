/**
 * Exit codes of `podman-api` other than those of a container's command, which are passed through. 240 to 246 are above
 * the codes of programs and shells, where 126 and 127 are the shell's errors and 128 + n is signal n. `podman` and `docker`
 * exit with 125 if they cannot run a command.
 */
export const exitCodes = {
  noTerminal: {
    code: 125,
    description: '`exec -t` needs a terminal on stdin and stdout, and `run -t` is not supported; nothing was sent',
  },
  usage: { code: 240, description: 'the command line or a variable is wrong; nothing was sent' },
  refused: { code: 241, description: 'the API refused the request: no token, no such container, a name in use, the policy' },
  failed: {
    code: 242,
    description: 'podman or the API failed, the output could not be written, or a part of it was longer than `MAX_OUTPUT` and is lost',
  },
  unreachable: { code: 243, description: 'the API did not answer, or returned 503 or 429, also on the last retry' },
  timedOut: { code: 244, description: 'the time limit was reached; the command was stopped in its container' },
  cancelled: { code: 245, description: 'another caller cancelled the job' },
  unknown: { code: 246, description: 'the outcome is unknown: the command may have run' },
  interrupted: { code: 130, description: 'Ctrl-C (SIGINT); the command was stopped in its container' },
  terminated: { code: 143, description: 'SIGTERM; the command was stopped in its container' },
  hungUp: { code: 129, description: 'SIGHUP; the command was stopped in its container' },
  pipeClosed: { code: 141, description: 'the reader of the output closed the pipe; the command was stopped in its container' },
} as const;
