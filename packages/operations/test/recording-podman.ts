import { type CommandOptions, type ExecCommand, execArguments, type LogQuery, type Podman } from '@podman-api/podman';
import { type Context, type Operation, policyOf, validateInput } from '../src/index.ts';

/** One call of podman. */
export interface Recorded {
  readonly args: readonly string[];
  readonly options: CommandOptions;
}

/** A podman that runs nothing, records its calls, and answers with what it was given. */
export interface RecordingPodman extends Podman {
  readonly calls: Recorded[];
  readonly logQueries: LogQuery[];
}

export function recordingPodman(answers: { run?: string; line?: string; shared?: string } = {}): RecordingPodman {
  const calls: Recorded[] = [];
  const logQueries: LogQuery[] = [];
  const note = (args: readonly string[], options: CommandOptions = {}) => {
    calls.push({ args, options });
  };
  const noteExec = (command: ExecCommand, options: CommandOptions = {}) => {
    const { args, options: beside } = execArguments(command);
    note(args, { ...options, ...beside });
  };
  return {
    calls,
    logQueries,
    async run(args, options) {
      note(args, options);
      return answers.run ?? '';
    },
    async read(args, _maxBytes, options) {
      note(args, options);
      return Buffer.alloc(0);
    },
    async shared(args) {
      note(args);
      return answers.shared ?? answers.run ?? '';
    },
    async follow(args) {
      note(args);
    },
    async exec(command, options) {
      noteExec(command, options);
      return { exitCode: 0 };
    },
    async logs(container, query, _maxBytes, options) {
      note(['logs', '--', container], options);
      logQueries.push(query);
      return { bytes: Buffer.alloc(0), truncated: false };
    },
    async script(command, options) {
      noteExec(command, options);
      return { line: answers.line ?? 'done' };
    },
    async checkHealth() {},
    async kill() {},
    async settle() {},
    async mountsOf() {
      return undefined;
    },
  };
}

export const context: Context = {
  job: 'node_job',
  createdAt: Date.now(),
  node: 'node',
  signal: new AbortController().signal,
  policy: policyOf({
    ALLOWED_IMAGES: undefined,
    ALLOWED_MOUNTS: [],
    ALLOWED_CAPABILITIES: undefined,
    ALLOWED_NETWORKS: undefined,
    ALLOWED_USERS: undefined,
    ALLOWED_RUNTIMES: undefined,
  }),
  renewals: { get: () => undefined, set: (_id, expires) => expires, isEnding: () => false },
  containers: { subscribe: () => () => undefined },
  output: () => undefined,
};

/** What an operation asks of podman for an input. */
export async function callsOf<Input extends object>(
  operation: Operation<Input>,
  input: object,
  answers?: { run?: string; line?: string },
): Promise<readonly Recorded[]> {
  const podman = recordingPodman(answers);
  await operation.run(podman, validateInput(operation, input), context);
  return podman.calls;
}
