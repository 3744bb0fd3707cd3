import { type ExecCase, quick, warm } from '../exec-case.ts';

/** Cases in pairs: one changes something, and the next shows whether that has outlived its command. */
export const sideEffectCases: readonly ExecCase[] = [
  quick(warm('a umask', 'umask 077; umask')),
  quick(warm('the umask after that', 'umask')),
  warm('a ulimit', 'ulimit -n 100; ulimit -n'),
  warm('the ulimit after that', 'ulimit -n'),
  warm('a cd', 'cd /tmp; pwd'),
  warm('the working directory after that', 'pwd'),
  warm('new variables', 'export LEFT=1; LEFT_TOO=2; readonly LEFT; env | grep LEFT'),
  warm('those variables after that', 'echo "$LEFT$LEFT_TOO"; env | grep -c LEFT'),
  warm('a variable of the call', 'echo "$ONE"', { environment: { ONE: '1' } }),
  warm('that variable after that', 'echo "[$ONE]"; env | grep -c ONE'),
  warm('shell options', 'set -euf; echo $-'),
  warm('shell options after that', 'echo $-'),
  warm('signals set to be ignored', "trap '' INT HUP PIPE; grep SigIgn /proc/self/status"),
  warm('ignored signals after that', 'grep SigIgn /proc/self/status'),
  warm('more open files', 'exec 5</etc/passwd 6>/dev/null; exec ls /proc/self/fd'),
  warm('open files after that', 'exec ls /proc/self/fd'),
  warm('an alias and a function', 'alias true=false; true() { echo mine; }; true'),
  warm('the command they hid after that', 'true; echo $?'),
  warm('a background process', 'sleep 5 >/dev/null 2>&1 & echo left'),
  warm('the next command after that', 'echo next'),
  // These write long after the command has ended, on a busy host too.
  quick(warm('a background process that holds the pipes', '(sleep 4; echo late; echo late >&2) & echo left; exit 5')),
  quick(warm('the next command after such a process', 'echo next')),
  warm('a background process in a separate session', 'setsid sh -c "trap : PIPE; sleep 4; echo late; touch /tmp/late" & echo left'),
  warm('a command that runs while such a process writes', 'while ! [ -e /tmp/late ]; do sleep 0.1; done; echo next'),
  warm('a new file', 'echo kept >/tmp/kept; cat /tmp/kept'),
  warm('that file after that', 'cat /tmp/kept'),
];

/** Cases that make programs in /tmp, which the cases of `argv.ts` run later. */
export const newProgramCases: readonly ExecCase[] = [
  warm('a new script without an interpreter line', 'echo echo hi >/tmp/script; chmod 755 /tmp/script; /tmp/script'),
  warm('a new script with a missing interpreter', 'echo "#!/no/such" >/tmp/lost; chmod 755 /tmp/lost; /tmp/lost; echo $?'),
  warm(
    'a new script with an interpreter in /tmp',
    'cp /bin/sh /tmp/own; printf "#!/tmp/own\\necho ran\\n" >/tmp/orphan; chmod 755 /tmp/orphan',
  ),
  warm('that script', ['/tmp/orphan']),
  warm('the removal of its interpreter', 'rm /tmp/own'),
  warm(
    'a new program for another machine',
    `printf '\\177ELF\\1\\2\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0\\010\\necho ran\\n' >/tmp/foreign; chmod 755 /tmp/foreign`,
  ),
  quick(warm('a new script', 'printf "#!/bin/sh\\necho \\$0 \\$#\\nexit 12\\n" >/tmp/proper; chmod 755 /tmp/proper; /tmp/proper a b')),
];
