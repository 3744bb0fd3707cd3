import type { ExecCommand } from '../exec/command.ts';

/** Variables that shells set themselves, or that mean something to them or to the dynamic loader. */
const shellNames =
  /^(_|pa_.*|IFS|PS[0-9]|ENV|PPID|PWD|OLDPWD|SHLVL|OPT(IND|ARG|ERR)|LINENO|RANDOM|SRANDOM|SECONDS|E?UID|GROUPS|BASH.*|SHELLOPTS|POSIXLY_CORRECT|FUNC.*|HIST.*|DIRSTACK|EPOCH.*|COMP_.*|MAIL.*|TMOUT|CDPATH|LD_.*|GLIBC_.*|MALLOC_.*|GCONV_PATH|LOCPATH|NLSPATH)$/;

/** The kernel's limit of one argument (MAX_ARG_STRLEN, execve(2)), and safe limits for all together and for stdin. */
const maxBytes = { argument: 128 * 1024, all: 512 * 1024, stdin: 256 * 1024 } as const;

/**
 * Whether a command does the same in a session as by `podman exec`. Not in a session: commands that may look for their parent,
 * because a command of `podman exec` has none; commands that may kill other processes, because the session is one; and
 * input that is too long.
 */
export function fitsSession({ argv, environment, stdin = '' }: ExecCommand): boolean {
  const values = Object.values(environment);
  const sizes = [...argv, ...values].map(text => Buffer.byteLength(text));
  return (
    !argv.some(text => /kill|PPID|\0/.test(text)) &&
    !values.some(value => value.includes('\0')) &&
    Object.keys(environment).every(name => /^[A-Za-z_]\w*$/.test(name) && !shellNames.test(name)) &&
    sizes.every(size => size < maxBytes.argument - 1024) &&
    sizes.reduce((sum, size) => sum + size, 0) < maxBytes.all &&
    Buffer.byteLength(stdin) <= maxBytes.stdin
  );
}
