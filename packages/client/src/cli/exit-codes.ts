/**
 * How the commands exit where it is not the exit code of a container's command, which passes through. They lie above
 * what programs and shells use: 126 and 127 are the shell's words on a command, 128 + n is signal n. 125 is what `podman`
 * and `docker` exit with if they cannot run a command as asked.
 */
export const exitCodes = {
  noTerminal: { code: 125, about: '-t asks for a terminal, which the API does not offer yet; nothing was sent' },
  usage: { code: 240, about: 'the command line, or a variable, is wrong; nothing was sent' },
  refused: { code: 241, about: 'the API refused the request: no token, no such container, a name in use, the policy' },
  failed: { code: 242, about: 'podman or the API failed' },
  away: { code: 243, about: 'nobody answered, or the API could not take the request (503, 429) to the last try' },
  timedOut: { code: 244, about: 'the time limit was reached; the command was ended in its container' },
  cancelled: { code: 245, about: 'somebody else cancelled the job' },
  unknown: { code: 246, about: 'the outcome is unknown: the command may have run' },
  interrupted: { code: 130, about: 'Ctrl-C (SIGINT); the command was ended in its container' },
  terminated: { code: 143, about: 'SIGTERM; the same' },
  hungUp: { code: 129, about: 'SIGHUP; the same' },
  pipeClosed: { code: 141, about: 'nobody reads the output any more; the same' },
} as const;
