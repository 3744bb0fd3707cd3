import { cold, type ExecCase, quick, warm } from '../exec-case.ts';

const codes = [0, 1, 2, 3, 64, 125, 126, 127, 128, 137, 256];
const signals = ['HUP', 'INT', 'QUIT', 'ABRT', 'KILL', 'USR1', 'SEGV', 'PIPE', 'ALRM', 'TERM'];

export const exitCodeCases: readonly ExecCase[] = [
  ...codes.map(code => warm(`exit ${code}`, `exit ${code}`)),
  quick(warm('exit 255', 'exit 255')),
  ...signals.map(name => cold(`SIG${name} to itself`, `kill -${name} $$; echo lives`)),
  quick(cold('a trapped signal', "trap 'echo got it' USR1; kill -USR1 $$; echo on")),
  cold('SIGKILL to its parent', 'kill -9 $PPID; echo on'),
  cold('the id of its parent', 'p=$PPID; echo "$p"'),
  cold('SIGTERM to its process group', 'echo hi; kill -TERM 0; echo on'),
];
