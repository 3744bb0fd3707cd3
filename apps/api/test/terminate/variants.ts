/** A command for a round, and what must remain of it after its end. */
export interface Variant {
  readonly title: string;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  /** Shell command that writes `ready` to stdout once all its traps are set, and then never ends by itself. */
  readonly command: (file: string) => string;
  /** Names of the processes that each write `got-TERM <name>` to the file once. */
  readonly signalled: readonly string[];
  /** Output of the main process on stdout after `ready`. */
  readonly finalOutput: string;
}

const loop = 'while :; do sleep .1; done';
/** Long enough for any trap on a busy host, so that none is cut off by SIGKILL. */
const longGraceSeconds = 60;
/** Time in which a busy host gives each process CPU for its trap, for those that SIGKILL has to end. */
const graceSeconds = 10;

/** For a child that outlives the main process: SIGPIPE would end its shell, which reports the end of `sleep` to a pipe without a reader. */
const unread = '>/dev/null 2>&1';

const note = (name: string, file: string) => `echo "got-TERM ${name}" >>${file}`;

/** A child process that records SIGTERM; `end` is what its trap does after that. */
function child(name: string, file: string, end = 'exit 0'): string {
  return `sh -c 'trap "echo got-TERM ${name} >>${file}; ${end}" TERM; touch ${file}.${name}; ${loop}'`;
}

/** Waits until children have set their traps. */
function awaitReady(names: readonly string[], file: string): string {
  const areThere = names.map(name => `[ -e ${file}.${name} ]`).join(' && ');
  return `until ${areThere}; do sleep .05; done; echo ready`;
}

/** Commands with traps, in the kinds that programs have. */
export const variants: readonly Variant[] = [
  {
    title: 'saves its work in a trap',
    stopTimeout: longGraceSeconds,
    command: file => `trap '${note('main', file)}; echo got-TERM; echo saved; exit 0' TERM; echo ready; ${loop}`,
    signalled: ['main'],
    finalOutput: 'got-TERM\nsaved\n',
  },
  {
    title: 'continues after its trap',
    stopTimeout: graceSeconds,
    command: file => `trap '${note('main', file)}; echo got-TERM' TERM; echo ready; ${loop}`,
    signalled: ['main'],
    finalOutput: 'got-TERM\n',
  },
  {
    title: 'ignores SIGTERM',
    stopTimeout: 1,
    command: () => `trap '' TERM; echo ready; ${loop}`,
    signalled: [],
    finalOutput: '',
  },
  {
    title: 'has children in separate sessions and waits for them',
    stopTimeout: longGraceSeconds,
    command: file =>
      `setsid ${child('one', file)} & setsid ${child('two', file)} &
trap '${note('main', file)}; echo got-TERM; wait; echo saved; exit 0' TERM; ${awaitReady(['one', 'two'], file)}; ${loop}`,
    signalled: ['main', 'one', 'two'],
    finalOutput: 'got-TERM\nsaved\n',
  },
  {
    title: 'leaves orphans that end after it',
    stopTimeout: longGraceSeconds,
    command: file =>
      `(setsid ${child('one', file)} ${unread} &); (${child('two', file, 'sleep 1; exit 0')} ${unread} &)
${awaitReady(['one', 'two'], file)}; ${loop}`,
    signalled: ['one', 'two'],
    finalOutput: '',
  },
  {
    title: 'has a child that ignores SIGTERM',
    stopTimeout: graceSeconds,
    command: file =>
      `setsid ${child('one', file, ':')} ${unread} & trap '${note('main', file)}; echo got-TERM; exit 0' TERM; ${awaitReady(['one'], file)}; ${loop}`,
    signalled: ['main', 'one'],
    finalOutput: 'got-TERM\n',
  },
  {
    title: 'has no trap, but its child in the foreground has',
    stopTimeout: longGraceSeconds,
    command: file => `(${awaitReady(['one'], file)}) & ${child('one', file)} ${unread}; echo not reached`,
    signalled: ['one'],
    finalOutput: '',
  },
  {
    title: 'gets no SIGTERM with stop_timeout 0',
    stopTimeout: 0,
    command: file =>
      `setsid ${child('one', file)} & trap '${note('main', file)}; echo got-TERM; exit 0' TERM; ${awaitReady(['one'], file)}; ${loop}`,
    signalled: [],
    finalOutput: '',
  },
];
