import { ApiError } from '@podman-api/errors';
import { containerOperations, dockerInspectContainer, packOutput, type TerminalSize } from '@podman-api/operations';
import { readBody } from '../../request/body.ts';
import { BodyReader } from '../body-reader.ts';
import { readEnvironment } from '../containers/create-input.ts';
import { errorOutput, openRawStream, type RawStream, write } from '../hijack.ts';
import { type DockerRequest, type DockerRoute, notImplemented, param, queryInteger } from '../route.ts';
import { checkTask, dayInSeconds, runTask } from '../run-task.ts';
import { type ExecInstance, ExecStore } from './exec-store.ts';
import { resizeExec, startInteractive } from './interactive.ts';

/** Creates the routes of commands in running containers. */
export function createExecRoutes(): readonly DockerRoute[] {
  const store = new ExecStore();
  const find = (request: DockerRequest) => store.get(param(request, 'id'), request.ctx.state.token?.name ?? null);
  return [
    { method: 'POST', path: '/containers/:id/exec', handle: request => createExec(request, store) },
    { method: 'POST', path: '/exec/:id/start', handle: request => startExec(request, find(request)) },
    { method: 'POST', path: '/exec/:id/resize', handle: request => resize(request, find(request)) },
    {
      method: 'GET',
      path: '/exec/:id/json',
      handle: request => {
        request.ctx.body = describeExec(find(request));
      },
    },
  ];
}

async function createExec(request: DockerRequest, store: ExecStore): Promise<void> {
  const { ctx, parts } = request;
  const body = new BodyReader(await readBody(ctx, parts.config.MAX_BODY));
  const command = body.strings('Cmd') ?? [];
  if (command.length === 0) throw new ApiError('ValidationError', 'No exec command specified: give Cmd.');
  body.ignore('AttachStdout', 'AttachStderr', 'DetachKeys', 'Detach', 'Container');
  const [tty, hasStdin, size] = [body.flag('Tty'), body.flag('AttachStdin'), readSize(body)];
  if (body.flag('Privileged')) throw notImplemented('A privileged exec', 'leave out --privileged');
  const [user, workDir] = [body.string('User'), body.string('WorkingDir')];
  const environment = readEnvironment(body.strings('Env') ?? []);
  body.finish();
  const { Id: containerId, State } = await runTask(request, dockerInspectContainer, { name: param(request, 'id') });
  if (!State.Running || State.Paused) {
    const what = State.Paused ? 'paused: unpause it first' : 'not running: start it first';
    throw new ApiError('ConflictError', `The container ${param(request, 'id')} is ${what}.`);
  }
  const given = { containerId, command, environment, user, workDir };
  checkTask(request, containerOperations.exec, inputOf(given));
  const { id } = store.add({ ...given, token: ctx.state.token?.name ?? null, tty, hasStdin, size });
  ctx.status = 201;
  ctx.body = { Id: id };
}

function inputOf({
  containerId,
  command,
  environment,
  user,
  workDir,
}: Pick<ExecInstance, 'containerId' | 'command' | 'environment' | 'user' | 'workDir'>) {
  return {
    name: containerId,
    command,
    timeout: dayInSeconds,
    ...(environment && { environment }),
    ...(user !== undefined && { user }),
    ...(workDir !== undefined && { work_dir: workDir }),
  };
}

/** Reads `ConsoleSize`: height and width. */
function readSize(body: BodyReader): TerminalSize | undefined {
  const [rows, cols] = body.numbers('ConsoleSize') ?? [];
  return rows && cols ? { rows, cols } : undefined;
}

async function resize(request: DockerRequest, instance: ExecInstance): Promise<void> {
  const [rows, cols] = [queryInteger(request, 'h'), queryInteger(request, 'w')];
  // A client whose own terminal has no size sends 0.
  if (rows && cols) await resizeExec(instance, { rows, cols });
  request.ctx.status = 200;
  request.ctx.body = '';
}

async function startExec(request: DockerRequest, instance: ExecInstance): Promise<void> {
  const { ctx, parts } = request;
  const body = new BodyReader(await readBody(ctx, parts.config.MAX_BODY));
  const isDetached = body.flag('Detach');
  const size = readSize(body);
  body.ignore('Tty', 'stdin', 'stdout', 'stderr', 'stream', 'hijack');
  body.finish();
  if (instance.status !== 'created')
    throw new ApiError('ConflictError', `The exec instance ${instance.id} was started already: create another.`);
  if (!isDetached) parts.streams.add(ctx);
  instance.status = 'running';
  instance.size = size ?? instance.size;
  if (!isDetached && (instance.tty || instance.hasStdin)) return startInteractive(request, instance);
  const submitted = Promise.withResolvers<string>();
  const ending = runExec(request, instance, submitted.resolve);
  ending.catch(submitted.reject);
  const job = await submitted.promise;
  if (isDetached) {
    ending.catch(() => {});
    ctx.status = 200;
    ctx.body = '';
    return;
  }
  const stream = openRawStream(request, false);
  // Reads the client's data, so that its end is noticed.
  stream.input?.resume();
  // The response continues after this function has returned.
  void pipeOutput(request, { instance, job, ending }, stream).catch((error: unknown) => {
    parts.log.error({ err: error, job }, 'the output of an exec cannot be sent');
    stream.output.destroy();
  });
}

/** Runs the command as a job, which continues if the client disconnects, as with Docker. */
async function runExec(request: DockerRequest, instance: ExecInstance, onSubmitted: (id: string) => void): Promise<void> {
  try {
    const { exit_code } = await runTask(request, containerOperations.exec, inputOf(instance), {
      isDetached: true,
      extraSeconds: dayInSeconds,
      onSubmitted,
    });
    instance.exitCode = exit_code;
  } finally {
    instance.status = 'exited';
  }
}

/** An exec instance whose command runs as a job. */
interface RunningExec {
  readonly instance: ExecInstance;
  /** The id of the job. */
  readonly job: string;
  /** Settles when the command has ended. */
  readonly ending: Promise<void>;
}

/** The exit code that Docker's command line returns if Docker itself has failed, and not the command. */
const dockerFailureExitCode = 125;

const incompleteMessage =
  'The output is longer than MAX_OUTPUT, and the rest is lost: run the command with a stdin (docker exec -i), which has no such limit.';

/** Writes the output of the command, and ends the stream when its exit code is known, because clients ask for it at once. */
async function pipeOutput(
  { parts }: DockerRequest,
  { instance, job, ending }: RunningExec,
  { output, signal, close }: RawStream,
): Promise<void> {
  const ended = AbortSignal.any([signal, parts.stopping]);
  let isIncomplete = false;
  for await (const { chunk, outcome } of parts.jobs.output(job, 0, ended)) {
    if (chunk) await write(output, packOutput(chunk), ended);
    if (outcome?.error) await write(output, errorOutput(outcome.error.message, false), ended);
    isIncomplete = outcome?.output?.incomplete ?? false;
  }
  await ending.catch(() => {});
  if (isIncomplete) {
    // A script that saves the output must not take a part of it for the whole.
    if (instance.exitCode === 0) instance.exitCode = dockerFailureExitCode;
    await write(output, errorOutput(incompleteMessage, false), ended);
  }
  close();
}

function describeExec(instance: ExecInstance): object {
  const [entrypoint = '', ...rest] = instance.command;
  return {
    ID: instance.id,
    Running: instance.status === 'running',
    ExitCode: instance.exitCode,
    ProcessConfig: {
      tty: instance.tty,
      entrypoint,
      arguments: rest,
      privileged: false,
      ...(instance.user !== undefined && { user: instance.user }),
    },
    OpenStdin: instance.hasStdin,
    OpenStderr: true,
    OpenStdout: true,
    CanRemove: instance.status === 'exited',
    ContainerID: instance.containerId,
    DetachKeys: '',
    Pid: 0,
  };
}
