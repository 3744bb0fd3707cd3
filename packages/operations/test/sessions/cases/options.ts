import { cold, coldInBusybox, type ExecCase, quick, warm } from '../exec-case.ts';

const folderCases = [
  warm('a working directory', 'pwd', { work_dir: '/tmp' }),
  warm('a working directory with dots', 'pwd', { work_dir: '/tmp/../etc/.' }),
  quick(warm('a missing working directory', 'pwd', { work_dir: '/no/such' })),
  warm('a file as the working directory', 'pwd', { work_dir: '/etc/passwd' }),
  warm('a deep working directory', 'pwd | wc -c', { work_dir: `/tmp/${'deep/'.repeat(60)}` }),
  warm('a working directory with spaces', 'pwd', { work_dir: "/tmp/a b'c" }),
  warm('a symlink as the working directory', 'pwd', { work_dir: '/tmp/link' }),
];

const environmentCases = [
  warm('variables', 'echo "$A|$B|$C"', { environment: { A: '1', B: 2, C: true } }),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is the shell's
  warm('an empty variable', 'echo "[${A-unset}]"', { environment: { A: '' } }),
  quick(warm('newlines and quotes in a variable', 'printf %s "$A"', { environment: { A: '\n\'"`$x\\\n\n' } })),
  warm('non-ASCII characters in a variable', 'printf %s "$A"', { environment: { A: 'ä€𝄞\u0081\u0088\u0001\u007f\t' } }),
  warm('a variable of 50 kB', 'printf %s "$A" | wc -c', { environment: { A: 'x'.repeat(50_000) } }),
  warm('200 variables', 'env | grep -c ^V', {
    environment: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`V${index}`, String(index)])),
  }),
  warm('HOME', 'echo ~; cd; pwd', { environment: { HOME: '/tmp' } }),
  warm('a program found by PATH', ['proper', 'by', 'path'], { environment: { PATH: '/tmp:/bin:/usr/bin' } }),
  warm('a PATH that leads nowhere', ['true'], { environment: { PATH: '/no/such' } }),
  warm('a PATH that begins with the working directory', ['proper'], { environment: { PATH: ':/bin' }, work_dir: '/tmp' }),
  warm('TERM', 'echo $TERM', { environment: { TERM: 'dumb' } }),
  cold('IFS', 'a="1,2"; set -- $a; echo $#', { environment: { IFS: ',' } }),
  cold('PWD', 'echo $PWD; env | grep PWD', { environment: { PWD: '/nowhere' } }),
  // Sorted, because podman passes variables in any order.
  cold('names that no shell can set', ['env', '-u', 'PODMAN_API_JOB', 'sort', '-z', '/proc/self/environ'], {
    environment: { 'a.b': '1', 'c-d': '2' },
  }),
  cold('LD_PRELOAD', ['true'], { environment: { LD_PRELOAD: '/no/such.so' } }),
];

const stdinCases = [
  warm('stdin', 'cat', { stdin: 'a\nb' }),
  warm('an empty stdin', 'cat; echo $?', { stdin: '' }),
  warm('NUL in stdin', 'cat', { stdin: 'a\0b\0', encoding: 'base64' }),
  quick(warm('all sorts of characters in stdin', 'cat', { stdin: '\'"\\\\n%s%b$x`y`\u0001\u001e\u007fä€𝄞\r\n\n', encoding: 'base64' })),
  warm('a stdin of 200 kB', 'wc -c', { stdin: 'x'.repeat(200_000) }),
  cold('a stdin of a MB', 'wc -c', { stdin: 'x'.repeat(1_000_000) }),
  warm('a stdin that is not read', 'echo done; exit 3', { stdin: 'x'.repeat(100_000) }),
  warm('a stdin that is read in part', 'head -c 3', { stdin: 'x'.repeat(100_000) }),
  warm('stdin of a program', ['wc', '-l'], { stdin: 'a\nb\n' }),
  warm('stdin read line by line', 'while read -r line; do echo "[$line]"; done', { stdin: 'a b\n  c\\d\nlast' }),
  warm('commands from stdin', ['sh'], { stdin: 'echo from stdin; exit 9' }),
];

const userCases = [
  coldInBusybox('a numeric user', 'id -u; echo ~; env | grep HOME', { user: '1234' }),
  quick(coldInBusybox('a numeric user and group', 'id -u; id -g', { user: '1234:4321' })),
  warm('root by name', 'id -u; env | grep HOME', { user: 'root' }),
  cold('an unknown user', 'true', { user: 'no-such-user' }),
  coldInBusybox('a working directory that the user may not enter', 'pwd', { user: '1234', work_dir: '/root' }),
];

export const optionCases: readonly ExecCase[] = [
  ...folderCases,
  ...environmentCases,
  ...stdinCases,
  ...userCases,
  quick(warm('a time limit', 'echo a; sleep 600', { timeout: 1 })),
];
