import type { SessionCommand } from './request.ts';

/** What shells keep for themselves, and what programs and the dynamic loader on the way to the command would heed. */
const ownNames =
  /^(_|pa_.*|IFS|PS[0-9]|ENV|PPID|PWD|OLDPWD|SHLVL|OPT(IND|ARG|ERR)|LINENO|RANDOM|SRANDOM|SECONDS|E?UID|GROUPS|BASH.*|SHELLOPTS|POSIXLY_CORRECT|FUNC.*|HIST.*|DIRSTACK|EPOCH.*|COMP_.*|MAIL.*|TMOUT|CDPATH|LD_.*|GLIBC_.*|MALLOC_.*|GCONV_PATH|LOCPATH|NLSPATH)$/;

/** The kernel's limit of one argument (MAX_ARG_STRLEN), and a safe share of all together and of stdin, in bytes. */
const limits = { argument: 128 * 1024, all: 512 * 1024, stdin: 256 * 1024 } as const;

/**
 * Whether a command does in a session what it does by podman. One that looks for its parent, which podman's command has
 * none of, or for processes to end, among which the session would be, goes its own way; so does what is too long.
 */
export function fitsSession({ argv, environment, stdin = '' }: SessionCommand): boolean {
  const values = Object.values(environment);
  const sizes = [...argv, ...values].map(text => Buffer.byteLength(text));
  return (
    !argv.some(text => /kill|PPID|\0/.test(text)) &&
    !values.some(value => value.includes('\0')) &&
    Object.keys(environment).every(name => /^[A-Za-z_]\w*$/.test(name) && !ownNames.test(name)) &&
    sizes.every(size => size < limits.argument - 1024) &&
    sizes.reduce((sum, size) => sum + size, 0) < limits.all &&
    Buffer.byteLength(stdin) <= limits.stdin
  );
}
