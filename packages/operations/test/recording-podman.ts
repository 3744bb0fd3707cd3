import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type CommandOptions, type ExecCommand, execArguments, type LogQuery, type Podman } from '@podman-api/podman';
import type { ByteChannel } from '@podman-api/runtime';
import { pack } from 'tar-stream';
import { exampleFile } from '../src/container/files/files.ts';
import { type CommitPauses, type Operation, type PoolContainers, policyOf, type TaskContext, validateInput } from '../src/index.ts';

/** One call of podman. */
export interface Recorded {
  readonly args: readonly string[];
  readonly options: CommandOptions;
}

/** A podman that runs nothing, records its calls, and gives the answers of a test. */
export interface RecordingPodman extends Podman {
  readonly calls: Recorded[];
  readonly logQueries: LogQuery[];
}

/** Answers of a recording podman; `run` may depend on the arguments and on the calls so far. */
export interface Answers {
  readonly run?: string | ((args: readonly string[], calls: readonly Recorded[]) => string);
  readonly line?: string;
  readonly shared?: string;
}

export function recordingPodman(answers: Answers = {}): RecordingPodman {
  const calls: Recorded[] = [];
  const logQueries: LogQuery[] = [];
  let folder: string | undefined;
  const note = (args: readonly string[], options: CommandOptions = {}) => {
    calls.push({ args, options });
  };
  const noteExec = (command: ExecCommand, options: CommandOptions = {}) => {
    const { args, options: extra } = execArguments(command);
    note(args, { ...options, ...extra });
  };
  return {
    calls,
    logQueries,
    async run(args, options) {
      note(args, options);
      return typeof answers.run === 'function' ? answers.run(args, calls) : (answers.run ?? '');
    },
    async inspect(container, options) {
      const [entry] = JSON.parse(await this.run(['container', 'inspect', '--', container], options));
      if (entry === undefined) throw new Error('podman container inspect printed an empty list');
      return JSON.stringify(entry);
    },
    async read(args, _maxBytes, options) {
      note(args, options);
      return Buffer.alloc(0);
    },
    async pipe(args, _onBytes, options) {
      note(args, options);
      const idFile = args.find(arg => arg.startsWith('--iidfile='))?.slice('--iidfile='.length);
      if (idFile !== undefined) await writeFile(idFile, `sha256:${'a'.repeat(64)}`);
    },
    async shared(args) {
      note(args);
      return answers.shared ?? (typeof answers.run === 'string' ? answers.run : '');
    },
    async follow(args) {
      note(args);
    },
    async followShared(args) {
      note(args);
    },
    async followLog(container, _query, _onBatch, { signal }) {
      note(['logs', '--follow', '--', container], { signal });
    },
    async exec(command, options) {
      noteExec(command, options);
      return { exitCode: 0 };
    },
    async execInteractive({ marker, terminal, hasStdin, ...command }, { onOutput: _onOutput, onStarted: _onStarted, ...options }) {
      const interactive = terminal ? 'terminal' : hasStdin ? 'pipe' : undefined;
      noteExec({ ...command, markers: { [marker.name]: marker.value }, interactive }, options);
      return { exitCode: 0 };
    },
    async resizeTerminal() {
      return true;
    },
    async startAttached({ container, stdin }, options) {
      const extra = stdin === undefined ? {} : { stdin };
      note(['start', '--attach', ...(stdin === undefined ? [] : ['--interactive']), '--', container], { ...options, ...extra });
      return { exitCode: 0, usage: { cpuMs: 1, maxMemoryBytes: 2, oomKills: 0 } };
    },
    async attach({ container, onStdin }, options) {
      note(['attach', ...(onStdin ? [] : ['--no-stdin']), '--', container], options);
    },
    async logs(container, query, _maxBytes, options) {
      note(['logs', '--', container], options);
      logQueries.push(query);
      return { bytes: Buffer.alloc(0), truncated: false };
    },
    async files(_source, request, options) {
      note(['files', request.verb], { env: options.env ?? {} });
      if (options.content) for await (const _piece of options.content);
      if (request.verb === 'read') await options.onBytes?.(Buffer.from('FROM alpine\n'));
      return { files: [], file: exampleFile, extracted: { path: '/srv', entries: 0, size: 0 } };
    },
    async script(command, options) {
      noteExec(command, options);
      return { line: answers.line ?? 'done' };
    },
    async checkHealth() {},
    earlySessions: {
      prepare: async () => false,
      adopt: () => {},
      open: container => note(['session', '--', container]),
      openIfExpected: () => {},
      recordCreate: () => {},
      recordStart: () => {},
    },
    identify: reference => ({ reference, id: undefined }),
    async kill() {
      return false;
    },
    async waitForProcesses() {},
    async createTempFolder() {
      folder = await mkdtemp(join(tmpdir(), 'podman-api-recording-'));
      return folder;
    },
    async removeTempFolder() {
      if (folder !== undefined) await rm(folder, { recursive: true });
    },
    buildUlimits: () => [],
    buildIsolation: async () => ({ args: ['--isolation=oci'], env: {} }),
    canLimitBuilds: () => true,
    async removeBuild() {},
    async mountsOf() {
      return undefined;
    },
  };
}

/** Creates a channel that accepts everything, delivers some bytes, and then ends. */
export function createChannel(bytes: Buffer): ByteChannel {
  const frames = [{ bytes }];
  return {
    signal: new AbortController().signal,
    read: async () => frames.shift(),
    write: async () => {},
    send: async () => {},
    end: async () => {},
    close: async () => {},
  };
}

/** Creates an archive of one image, without its layers. */
function packImage(): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'manifest.json' }, JSON.stringify([{ RepoTags: ['localhost/app:1'] }]));
  archive.finalize();
  return buffer(archive);
}

/** The pools of a node that has none. */
export const noPools: PoolContainers = {
  claim: async () => undefined,
  get: () => undefined,
  findByJob: () => undefined,
  findUnnamed: () => undefined,
  giveName: async ({ name }) => name,
  poolOf: () => undefined,
};

/** Records no pauses. */
export const noCommitPauses: CommitPauses = {
  begin: () => {},
  find: () => undefined,
  end: () => {},
  hasAny: () => false,
  withdraw: () => {},
};

export const context: TaskContext = {
  job: 'node_job',
  createdAtMs: Date.now(),
  node: 'node',
  token: null,
  signal: new AbortController().signal,
  policy: policyOf({
    ALLOWED_IMAGES: undefined,
    ALLOWED_MOUNTS: [],
    ALLOWED_CAPABILITIES: undefined,
    ALLOWED_NETWORKS: undefined,
    ALLOWED_USERS: undefined,
    ALLOWED_RUNTIMES: undefined,
  }),
  renewals: { get: () => undefined, set: (_id, expiresAtMs) => expiresAtMs, isEnding: () => false },
  pools: noPools,
  commitPauses: noCommitPauses,
  containers: { subscribe: () => () => undefined },
  output: () => undefined,
  channel: async () => createChannel(await packImage()),
};

/** Answers as podman does for a container of a run, which ends with an exit code. */
export function runAnswers(exitCode = 0): Answers {
  const id = '0123456789abcdef'.repeat(4);
  const answer = ([verb]: readonly string[], calls: readonly Recorded[]) => {
    if (verb !== 'container') return `${id}\n`;
    const isEnded = calls.some(({ args }) => args[0] === 'start');
    const State = {
      Status: isEnded ? 'exited' : 'initialized',
      Pid: isEnded ? 0 : 7,
      ExitCode: exitCode,
      OOMKilled: false,
      StartedAt: '2026-01-05T09:30:02.5Z',
      FinishedAt: '2026-01-05T09:30:03.75Z',
    };
    return JSON.stringify([{ Id: id, State, Mounts: [], HostConfig: {}, Config: {} }]);
  };
  return { run: answer };
}

/** The podman calls of an operation for an input. */
export async function callsOf<Input extends object>(
  operation: Operation<Input>,
  input: object,
  answers?: Answers,
): Promise<readonly Recorded[]> {
  const podman = recordingPodman(answers);
  await operation.run(podman, validateInput(operation, input), context);
  return podman.calls;
}
