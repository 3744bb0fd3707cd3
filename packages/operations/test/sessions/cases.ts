import type { ExecInput } from '../../src/container/exec.ts';

/** One exec that is run both ways. */
export interface Case {
  readonly what: string;
  readonly input: Omit<ExecInput, 'name'>;
  /** It goes its own way, in one image or in all: see `fitsSession`; shell.sh wants a shell that its user may read. */
  readonly cold?: true | 'busybox';
}

/** A case whose exec runs in a session. */
const plain = (what: string, command: ExecInput['command'], rest: Omit<Case['input'], 'command'> = {}): Case => ({
  what,
  input: { command, ...rest },
});
const cold = (what: string, command: ExecInput['command'], rest: Omit<Case['input'], 'command'> = {}): Case => ({
  ...plain(what, command, rest),
  cold: true,
});

/** One by a user who may not read BusyBox, for that is setuid in the image. */
const unread = (what: string, command: ExecInput['command'], rest: Omit<Case['input'], 'command'>): Case => ({
  ...plain(what, command, rest),
  cold: 'busybox',
});

const codes = [...Array.from({ length: 4 }, (_, code) => code), 64, 125, 126, 127, 128, 137, 255, 256];
const exitCodes = codes.map(code => plain(`exit ${code}`, `exit ${code}`));

const signals = ['HUP', 'INT', 'QUIT', 'ABRT', 'KILL', 'USR1', 'SEGV', 'PIPE', 'ALRM', 'TERM'].map(name =>
  cold(`a signal to itself: ${name}`, `kill -${name} $$; echo lives`),
);

const output = [
  plain('nothing', ':'),
  plain('stdout', 'echo a'),
  plain('stderr alone', 'echo a >&2'),
  plain('both', 'echo a; echo b >&2'),
  plain('no newline at the end', 'printf a; printf b >&2'),
  plain('newlines alone', 'printf "\\n\\n\\n"'),
  plain('every byte', 'i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %03o $i)"; i=$((i+1)); done', { encoding: 'base64' }),
  plain('what a nonce begins with', "printf '\\036'; printf '\\036\\036abc \\036' >&2", { encoding: 'base64' }),
  plain('what a nonce looks like', "printf '\\03600112233445566778899aabbccddeeff 0\\n'", { encoding: 'base64' }),
  plain('words of the shell', 'echo begun; echo refused; echo closed; echo "ready 1"; echo end >&2'),
  plain("words like a shell's on stderr", 'echo "sh: 1: exec: x: not found" >&2; exit 127'),
  plain('a megabyte', 'head -c 1000000 /dev/zero | tr "\\0" x'),
  plain('a hundred megabytes', 'head -c 100000000 /dev/zero | tr "\\0" y; exit 3'),
  plain('a megabyte of stderr', 'head -c 1000000 /dev/zero | tr "\\0" x >&2'),
  plain('many lines', 'i=0; while [ $i -lt 2000 ]; do echo "line $i"; i=$((i+1)); done'),
  plain('a closed stdout', 'exec 1>&-; echo lost; exit 4'),
  plain('a closed stderr', 'exec 2>&-; echo kept; exit 5'),
  plain('both closed', 'exec 1>&- 2>&-; exit 6'),
  plain('stdout to stderr', 'exec 1>&2; echo a'),
  plain('stderr to stdout', 'exec 2>&1; echo a >&2'),
  plain('in an order', 'echo 1; sleep 0.2; echo 2 >&2; sleep 0.2; echo 3; sleep 0.2; echo 4 >&2'),
  plain('by /dev/stdout', 'echo a >/dev/stdout; echo b >/dev/stderr'),
  plain('/dev/full', 'echo a >/dev/full; echo $?'),
];

const shell = [
  plain('set -e', 'set -e; false; echo no'),
  plain('set -u', 'set -u; echo "$no_such"; echo no'),
  plain('exit in a subshell', '(exit 3); echo $?'),
  plain('exit in a pipe', 'exit 3 | cat; echo $?'),
  plain('a trap at the end', "trap 'echo bye' EXIT; echo hi; exit 9"),
  plain('a trap at the end that exits', "trap 'exit 7' EXIT; exit 1"),
  cold('a trap of a signal', "trap 'echo got it' USR1; kill -USR1 $$; echo on"),
  cold('its parent', 'kill -9 $PPID; echo on'),
  cold('its parent by a name', 'p=$PPID; echo "$p"'),
  cold('its group', 'echo hi; kill -TERM 0; echo on'),
  plain('a syntax error', 'if then'),
  plain('an unfinished quote', "echo 'a"),
  plain('an unfinished heredoc', 'cat <<X\na'),
  plain('a heredoc', "cat <<'X'\na'b\"c$d`e`\\f\nX\n"),
  plain('a comment', '# nothing'),
  plain('an empty line', '\n\n'),
  plain('a carriage return', 'echo a\r\n'),
  plain('quotes', `echo 'a' "b" 'c"d' "e'f" \\' \\"`),
  plain('a dollar', 'echo \'$HOME\' "$HOME" `echo x` $((1+1))'),
  plain('its name', 'echo $0 $# "$@"'),
  plain('its options', 'echo "$-"'),
  plain('its last exit code', 'echo $?'),
  plain('functions that are there', 'pa_run; pa_pumps 1; type pa_become'),
  plain('variables that are there', 'echo "$pa_nonce|$pa_out|$pa_folder|$PODMAN_API_SESSION"'),
  plain('a readonly variable', 'readonly PATH HOME; PATH=x; echo no'),
  plain('IFS', 'IFS=,; a="1,2"; set -- $a; echo $#'),
  plain('exec', 'exec echo a'),
  plain('exec of nothing', 'exec no-such; echo no'),
  plain('not found', 'no-such-command'),
  plain('not executable', '/etc/passwd'),
  plain('a folder', '/etc'),
  plain('read from an empty stdin', 'read line; echo "$? [$line]"'),
  plain('job control', 'sleep 0 & wait $!; echo $?'),
  plain('a child that fails', 'false & wait $!; echo $?'),
  plain('many children', 'i=0; while [ $i -lt 50 ]; do true & i=$((i+1)); done; wait; echo done'),
  plain('a deep recursion of shells', 'sh -c "sh -c \\"sh -c \'exit 42\'\\""'),
  plain('setsid', 'setsid sh -c "exit 8"; echo $?'),
  plain('ulimit', 'ulimit -a'),
  plain('umask', 'umask'),
  plain('where it is', 'pwd; pwd -P; echo "$PWD"; readlink /proc/self/cwd'),
  plain('who it is', 'id -u; id -g; id -G'),
  plain('its stdin', 'readlink /proc/self/fd/0'),
  plain('its files', 'exec ls /proc/self/fd'),
  plain('its kind of stdout', '[ -p /proc/self/fd/1 ] && [ -p /proc/self/fd/2 ] && echo pipes; [ -t 1 ] || echo no terminal'),
  plain(
    'its session and group',
    'read -r pid name state parent group session rest </proc/$$/stat; echo $((group == pid)) $((session == pid))',
  ),
  plain('its signals', 'grep SigIgn /proc/$$/status'),
  plain('its capabilities', 'grep -E "Cap|NoNewPrivs|Seccomp:" /proc/$$/status'),
  plain('its limits', 'cat /proc/$$/limits'),
  plain('its place among groups', "sed 's/libpod-[0-9a-f]*//' /proc/$$/cgroup | sort"),
  plain('its oom score', 'cat /proc/$$/oom_score_adj'),
  plain('its environment', 'env | grep -v PODMAN_API_JOB | sort'),
  plain('its environment by the kernel', 'tr "\\0" "\\n" </proc/$$/environ | grep -v PODMAN_API_JOB | sort'),
  plain('stops and goes on', 'echo begun; sleep 0.1; echo ended'),
];

const leaving = [
  plain('a umask', 'umask 077; umask'),
  plain('the umask after it', 'umask'),
  plain('a ulimit', 'ulimit -n 100; ulimit -n'),
  plain('the ulimit after it', 'ulimit -n'),
  plain('another folder', 'cd /tmp; pwd'),
  plain('the folder after it', 'pwd'),
  plain('a variable', 'export LEFT=1; LEFT_TOO=2; readonly LEFT; env | grep LEFT'),
  plain('no variable after it', 'echo "$LEFT$LEFT_TOO"; env | grep -c LEFT'),
  plain('a variable of the call', 'echo "$ONE"', { environment: { ONE: '1' } }),
  plain('none after it', 'echo "[$ONE]"; env | grep -c ONE'),
  plain('options of the shell', 'set -euf; echo $-'),
  plain('none after them', 'echo $-'),
  plain('an ignored signal', "trap '' INT HUP PIPE; grep SigIgn /proc/self/status"),
  plain('none after it', 'grep SigIgn /proc/self/status'),
  plain('more files', 'exec 5</etc/passwd 6>/dev/null; exec ls /proc/self/fd'),
  plain('none after them', 'exec ls /proc/self/fd'),
  plain('an alias and a function', 'alias true=false; true() { echo mine; }; true'),
  plain('neither after them', 'true; echo $?'),
  plain('a process in the background', 'sleep 5 >/dev/null 2>&1 & echo left'),
  plain('nothing of it', 'echo next'),
  plain('a process in the background that holds the pipes', '(sleep 0.6; echo late; echo late >&2) & echo left; exit 5'),
  plain('nothing of that either', 'echo next'),
  plain('one in a session of its own', 'setsid sh -c "sleep 0.6; echo late" & echo left'),
  plain('nothing of that', 'sleep 1; echo next'),
  plain('a file', 'echo kept >/tmp/kept; cat /tmp/kept'),
  plain('the file after it', 'cat /tmp/kept'),
  plain('a program that is no program', 'echo echo hi >/tmp/script; chmod 755 /tmp/script; /tmp/script'),
  plain('one for a missing interpreter', 'echo "#!/no/such" >/tmp/lost; chmod 755 /tmp/lost; /tmp/lost; echo $?'),
  plain(
    'a script that runs as long as its interpreter is there',
    'cp /bin/sh /tmp/own; printf "#!/tmp/own\\necho ran\\n" >/tmp/orphan; chmod 755 /tmp/orphan',
  ),
  plain('as long', ['/tmp/orphan']),
  plain('and no longer', 'rm /tmp/own'),
  plain(
    'a program that is none here',
    `printf '\\177ELF\\1\\2\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0\\010\\necho ran\\n' >/tmp/foreign; chmod 755 /tmp/foreign`,
  ),
  plain('a proper script', 'printf "#!/bin/sh\\necho \\$0 \\$#\\nexit 12\\n" >/tmp/proper; chmod 755 /tmp/proper; /tmp/proper a b'),
];

const argv = [
  plain('true', ['true']),
  plain('false', ['false']),
  plain('echo', ['echo', 'a', 'b']),
  plain('an empty argument', ['printf', '[%s]', '', 'x', '']),
  plain('newlines and quotes', [
    'printf',
    '[%s]',
    '\n',
    "'",
    '"',
    "a'b",
    '\\',
    '\\n',
    '$HOME',
    '`x`',
    '*',
    '~',
    '\t',
    '\r',
    '\u007f',
    '\u0001',
  ]),
  plain('all kinds of characters', ['printf', '%s', 'äöü ß € 𝄞 \u0080\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u009d ÁÂÃ']),
  plain('what looks like flags', ['printf', '%s|', '-n', '--', '--help', '-e']),
  plain('many', ['echo', ...Array.from({ length: 3000 }, (_, index) => `argument-${index}`)]),
  plain('a long one', ['printf', '%s', 'x'.repeat(100_000)]),
  cold('one as long as can be', ['printf', '%s', 'x'.repeat(131_000)]),
  cold('more than the kernel takes', ['echo', ...Array.from({ length: 25 }, () => 'x'.repeat(130_000))]),
  plain('a long command', `echo ${'a'.repeat(100_000)} | wc -c`),
  cold('a command of a MiB', `echo ${'a'.repeat(1024 ** 2)} | wc -c`),
  cold('a command that is longer yet', `echo ${'a'.repeat(130_900)} | wc -c`),
  plain('not found', ['no-such-command', 'a']),
  plain('a builtin of shells', ['cd', '/']),
  plain('a keyword of shells', ['if']),
  plain('a function of ours', ['pa_run', 'x']),
  plain('a folder', ['/etc']),
  plain('no path to it', ['/no/such/thing']),
  plain('not executable', ['/etc/passwd']),
  plain('no program', ['/tmp/script']),
  plain('no interpreter', ['/tmp/lost']),
  plain('none any more', ['/tmp/orphan']),
  plain('a program of another kind of machine', ['/tmp/foreign']),
  plain('a script', ['/tmp/proper', 'a b', '']),
  plain('the same again', ['/tmp/proper', 'a b', '']),
  plain('from its folder', ['./proper', 'x'], { work_dir: '/tmp' }),
  plain('from another folder', ['./proper', 'x'], { work_dir: '/etc' }),
  plain('sh', ['sh', '-c', 'echo "$0" "$1"; exit 3', 'zero', 'one']),
  plain('an empty name', ['']),
  plain('cat', ['cat']),
  plain('sleep', ['sleep', '0.1']),
  plain('env', ['env', '-i', 'A=b', 'env']),
];

const options = [
  plain('a working directory', 'pwd', { work_dir: '/tmp' }),
  plain('one with dots', 'pwd', { work_dir: '/tmp/../etc/.' }),
  plain('none that is there', 'pwd', { work_dir: '/no/such' }),
  plain('a file', 'pwd', { work_dir: '/etc/passwd' }),
  plain('a deep one', 'pwd | wc -c', { work_dir: `/tmp/${'deep/'.repeat(60)}` }),
  plain('one with spaces', 'pwd', { work_dir: "/tmp/a b'c" }),
  plain('a link', 'pwd', { work_dir: '/tmp/link' }),
  plain('variables', 'echo "$A|$B|$C"', { environment: { A: '1', B: 2, C: true } }),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is the shell's
  plain('an empty one', 'echo "[${A-unset}]"', { environment: { A: '' } }),
  plain('newlines and quotes in one', 'printf %s "$A"', { environment: { A: '\n\'"`$x\\\n\n' } }),
  plain('all kinds of characters in one', 'printf %s "$A"', { environment: { A: 'ä€𝄞\u0081\u0088\u0001\u007f\t' } }),
  plain('a long one', 'printf %s "$A" | wc -c', { environment: { A: 'x'.repeat(50_000) } }),
  plain('many', 'env | grep -c ^V', {
    environment: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`V${index}`, String(index)])),
  }),
  plain('HOME', 'echo ~; cd; pwd', { environment: { HOME: '/tmp' } }),
  plain('PATH', ['proper', 'by', 'path'], { environment: { PATH: '/tmp:/bin:/usr/bin' } }),
  plain('a PATH that leads nowhere', ['true'], { environment: { PATH: '/no/such' } }),
  plain('a PATH that begins here', ['proper'], { environment: { PATH: ':/bin' }, work_dir: '/tmp' }),
  plain('TERM', 'echo $TERM', { environment: { TERM: 'dumb' } }),
  cold('IFS', 'a="1,2"; set -- $a; echo $#', { environment: { IFS: ',' } }),
  cold('PWD', 'echo $PWD; env | grep PWD', { environment: { PWD: '/nowhere' } }),
  // Sorted, for podman gives variables in any order.
  cold('a name that is none for shells', ['env', '-u', 'PODMAN_API_JOB', 'sort', '-z', '/proc/self/environ'], {
    environment: { 'a.b': '1', 'c-d': '2' },
  }),
  cold('LD_PRELOAD', ['true'], { environment: { LD_PRELOAD: '/no/such.so' } }),
  plain('stdin', 'cat', { stdin: 'a\nb' }),
  plain('an empty stdin', 'cat; echo $?', { stdin: '' }),
  plain('NUL in stdin', 'cat', { stdin: 'a\0b\0', encoding: 'base64' }),
  plain('all kinds of stdin', 'cat', { stdin: '\'"\\\\n%s%b$x`y`\u0001\u001e\u007fä€𝄞\r\n\n', encoding: 'base64' }),
  plain('a lot of stdin', 'wc -c', { stdin: 'x'.repeat(200_000) }),
  cold('more stdin than that', 'wc -c', { stdin: 'x'.repeat(1_000_000) }),
  plain('stdin that nobody reads', 'echo done; exit 3', { stdin: 'x'.repeat(100_000) }),
  plain('stdin that is read in part', 'head -c 3', { stdin: 'x'.repeat(100_000) }),
  plain('stdin of argv', ['wc', '-l'], { stdin: 'a\nb\n' }),
  plain('stdin by lines', 'while read -r line; do echo "[$line]"; done', { stdin: 'a b\n  c\\d\nlast' }),
  plain('commands from stdin', ['sh'], { stdin: 'echo from stdin; exit 9' }),
  unread('a user by number', 'id -u; echo ~; env | grep HOME', { user: '1234' }),
  unread('a user and a group', 'id -u; id -g', { user: '1234:4321' }),
  plain('root by name', 'id -u; env | grep HOME', { user: 'root' }),
  cold('nobody by that name', 'true', { user: 'no-such-user' }),
  unread('a user who may not go there', 'pwd', { user: '1234', work_dir: '/root' }),
  plain('a time limit', 'echo a; sleep 60', { timeout: 1 }),
];

/** What has to be there before, in both containers. */
export const preparation = `mkdir -p "/tmp/${'deep/'.repeat(60)}" "/tmp/a b'c"; ln -s /etc /tmp/link; chmod 700 /root`;

export const cases: readonly Case[] = [...exitCodes, ...signals, ...output, ...shell, ...leaving, ...argv, ...options];
