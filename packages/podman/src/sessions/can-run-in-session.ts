import type { ExecCommand } from '../exec/exec-command.ts';

/** Variables that shells set themselves, or that influence them, shell.sh or the dynamic loader. */
const shellVariables =
  /^(_|pa_.*|IFS|PS[0-9]|ENV|PPID|PWD|OLDPWD|SHLVL|OPT(IND|ARG|ERR)|LINENO|RANDOM|SRANDOM|SECONDS|E?UID|GROUPS|BASH.*|SHELLOPTS|POSIXLY_CORRECT|FUNC.*|HIST.*|DIRSTACK|EPOCH.*|COMP_.*|MAIL.*|TMOUT|CDPATH|LD_.*|GLIBC_.*|MALLOC_.*|GCONV_PATH|LOCPATH|NLSPATH)$/;

/** Less than the kernel's limit of one argument (MAX_ARG_STRLEN, 128 KiB, execve(2)). */
const maxArgumentBytes = 127 * 1024;
/** Safe limits, for all arguments and values together and for stdin. */
const maxTotalBytes = 512 * 1024;
const maxStdinBytes = 256 * 1024;

/**
 * Whether a command does the same in a session as by `podman exec`. Not in a session: commands that may look for their parent,
 * because a command of `podman exec` has none; commands that may kill other processes, because the session is one; and
 * input that is too long.
 */
export function canRunInSession({ argv, environment, stdin = '' }: ExecCommand): boolean {
  const values = Object.values(environment);
  const sizes = [...argv, ...values].map(text => Buffer.byteLength(text));
  return (
    !argv.some(text => /kill|PPID|\0/.test(text)) &&
    !values.some(value => value.includes('\0')) &&
    Object.keys(environment).every(name => /^[A-Za-z_]\w*$/.test(name) && !shellVariables.test(name)) &&
    sizes.every(size => size < maxArgumentBytes) &&
    sizes.reduce((sum, size) => sum + size, 0) < maxTotalBytes &&
    Buffer.byteLength(stdin) <= maxStdinBytes
  );
}
