import { type ApiError, asApiError, JobEnded } from '@podman-api/errors';
import type { ExecResult, Podman } from '@podman-api/podman';
import Joi from 'joi';
import { type Context, define } from '../operation.ts';
import { userRefusals } from '../policy/rules.ts';
import { bodyText } from '../schemas/bounds.ts';
import { type Environment, environment, environmentStrings } from '../schemas/environment.ts';
import { containerName, containerUser } from '../schemas/names.ts';
import { argv, containerPath, text } from '../schemas/text.ts';
import type { Command } from './create/command.ts';
import { type ExecEnd, endOf, execution, presentExecution } from './exec/execution.ts';
import { endLeftovers, marked } from './mark.ts';

export interface ExecInput {
  readonly name: string;
  /** A string runs as `sh -c <string>`, a list is argv. */
  readonly command: Command;
  readonly user?: string;
  readonly environment?: Environment;
  readonly work_dir?: string;
  readonly stdin?: string;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds between SIGTERM and SIGKILL when the command is ended. */
  readonly stop_timeout?: number;
  /** How the output's bytes stand in the answer. */
  readonly encoding?: 'utf8' | 'base64';
}

const commandWords = '{{#label}} must be a text for sh -c, such as "ls /data", or a list of words, such as ["ls", "/data"]';

/** Runs a command in a running container. Its exit code is data: a command that fails is no error. */
export const exec = define<ExecInput, ExecEnd>({
  name: 'container.exec',
  method: 'POST',
  path: '/containers/:name/exec',
  scope: 'exec',
  input: Joi.object<ExecInput>({
    name: containerName().required(),
    command: Joi.alternatives(text(), argv())
      .required()
      .messages({ 'alternatives.types': commandWords, 'alternatives.match': commandWords })
      .description('A text runs as `sh -c <text>` in the container; a list is argv, with no shell.'),
    user: containerUser().description('A user or uid, or `user:group`; the one of the container unless told.'),
    environment: environment(),
    work_dir: containerPath(),
    stdin: bodyText().description('What the command reads from its stdin.'),
    timeout: Joi.number().integer().min(1).max(86_400).description('How long the command may run, in seconds; `JOB_TIMEOUT` unless told.'),
    stop_timeout: Joi.number()
      .integer()
      .min(0)
      .max(300)
      .description('Seconds between SIGTERM and SIGKILL when the time limit is reached or the job is cancelled; default: 2.'),
    encoding: Joi.string().valid('utf8', 'base64').description('How the answer holds the bytes of the output; `utf8` unless told.'),
  }),
  secrets: ['environment', 'stdin'],
  noun: 'execution',
  summary: 'Runs a command in a running container',
  description: 'Its exit code is data: a command that fails is a 200 with `execution.success` false.',
  results: { 200: execution },
  example: {
    input: { name: 'web', command: 'echo hello; echo oops >&2; exit 3' },
    result: {
      exit_code: 3,
      output: 'hello\noops\n',
      success: false,
      stdout: 'hello\n',
      stderr: 'oops\n',
      truncated: false,
      duration_ms: 74,
    },
  },
  refusals: ({ user }, policy) => userRefusals(user, policy),
  timeout: ({ timeout }) => timeout,
  async run(podman, input, context) {
    const started = performance.now();
    const result = await runIn(podman, input, context);
    const ended = endOf(result, performance.now() - started, input.encoding);
    if (result.faultText) await context.output('stderr', result.faultText);
    if (result.exitCode === null) throw whyEnded(context.signal).with({ execution: ended });
    return ended;
  },
  present: presentExecution,
  recover: endLeftovers,
});

function runIn(podman: Podman, input: ExecInput, context: Context): Promise<ExecResult> {
  const { name, command, user, work_dir, stdin, stop_timeout } = input;
  const { marks, options } = marked(podman, name, context, stop_timeout === undefined ? undefined : stop_timeout * 1000);
  const environment = environmentStrings(input.environment);
  return podman.exec(
    { container: name, user, argv: argvOf(command), environment, marks, workDir: work_dir, stdin },
    { ...options, take: context.output },
  );
}

/** The command as argv: a string is for the container's `sh`. */
function argvOf(command: Command): readonly string[] {
  return typeof command === 'string' ? ['sh', '-c', command] : command;
}

/** Why a command was ended before it returned an exit code. */
function whyEnded(signal: AbortSignal): ApiError {
  if (signal.aborted) return asApiError(signal.reason);
  return new JobEnded('unknown', 'Podman was ended by a signal from outside; the outcome of the command is unknown.');
}
