import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { type JobOutcomeError, unknownOutcomeError } from '@podman-api/errors';
import type { ChunkSink } from '@podman-api/runtime';
import { FinalErrorGate } from '../capture/final-error-gate.ts';
import { OutputBuffer } from '../capture/output-buffer.ts';
import { StderrGate } from '../capture/stderr-gate.ts';
import { classifyError, isPodmanError, isRuntimeCrash, mayFollowCommand } from '../error-patterns/classify-error.ts';
import type { PodmanFault } from '../error-patterns/podman-fault.ts';
import type { RunPodman } from '../process/run-process.ts';
import { killedExitCode, podmanErrorExitCode } from './container-end.ts';
import { EndGate } from './end-gate.ts';
import { type ExecCommand, type ExecOptions, type ExecResult, execArguments } from './exec-command.ts';
import { type ExecError, explainError, type InspectContainer } from './explain-error.ts';
import { StartGate } from './start-gate.ts';

const startScript = readFileSync(new URL('./start.sh', import.meta.url), 'utf8');

/** Maximum podman stderr that is kept for its error message. */
const maxErrorBytes = 16 * 1024;

/** Programs that can run start.sh as `<program> -c`, if their own first argument is such an option. */
const shells = /^(?:.*\/)?(?:sh|ash|bash|dash|ksh|mksh|zsh)$/;

/** Failures that podman and a shell report alike, by an exit code and a message: they are the command's result. */
const commandFaults: ReadonlySet<PodmanFault['reason']> = new Set(['command-not-found', 'command-not-executable']);

/**
 * Runs commands by `podman exec`, each once at most.
 *
 * Podman's errors and a command's stderr arrive on one stream and share exit codes, so neither says which of the two failed.
 * A command such as `sh -c <string>` runs below start.sh, which reports the start; so does one with stdin. For any other program an
 * ambiguous error is confirmed by starting a program that does not exist in the same way: the error of that command is podman's for
 * certain.
 */
export class ExecRunner {
  readonly #run: RunPodman;
  readonly #inspect: InspectContainer;

  /** @param inspect is called only if podman may have failed after a command has started */
  constructor(run: RunPodman, inspect: InspectContainer) {
    this.#run = run;
    this.#inspect = inspect;
  }

  /** See `Podman.exec`. */
  async exec(command: ExecCommand, options: ExecOptions): Promise<ExecResult> {
    const { argv, stdin } = command;
    const [program = '', option = ''] = argv;
    if (shells.test(program) && /^-\w*c$/.test(option)) return this.#runWithStartLine(command, options, program);
    if (stdin === undefined) return this.#runDirectly(command, options);
    const result = await this.#runWithStartLine(command, options, 'sh');
    // If the container has no shell, nothing has run yet.
    return result.fault?.reason === 'command-not-found' ? this.#runDirectly(command, options) : result;
  }

  /** Runs a script of this service, which reads all of its stdin itself. */
  script(command: ExecCommand, options: ExecOptions): Promise<ExecResult> {
    return this.#runWithStartLine(command, options, 'sh', '-');
  }

  /**
   * Runs an interactive command. In a terminal, all output of the command arrives on stdout, so that stderr is podman's.
   * @param command without stdin; `options.onStdin` gets it
   * @param getSeenAtMs returns when the command's process was seen on this host, in ms since 1970; `undefined` if it was not
   */
  async interactive(command: ExecCommand, options: ExecOptions, getSeenAtMs: () => number | undefined): Promise<ExecResult> {
    if (command.interactive === 'terminal') return this.#runInTerminal(command, options, getSeenAtMs);
    const [program = ''] = command.argv;
    const shell = shells.test(program) ? program : 'sh';
    const result = await this.#runWithStartLine(command, options, shell, command.interactive === undefined ? '-' : 'stream');
    // If the container has no shell, nothing has run yet.
    return result.fault?.reason === 'command-not-found' ? this.#runDirectly(command, options) : result;
  }

  async #runInTerminal(command: ExecCommand, options: ExecOptions, getSeenAtMs: () => number | undefined): Promise<ExecResult> {
    const errors = new OutputBuffer(maxErrorBytes);
    let firstOutputAtMs: number | undefined;
    const { args, exitCode } = await this.#runPodman(command, options, (stream, bytes) => {
      if (stream === 'stderr') return errors.write(stream, bytes);
      firstOutputAtMs ??= Date.now();
      return options.onOutput(stream, bytes);
    });
    const text = errors.text('stderr');
    if (exitCode === null || !isPodmanError(exitCode, text)) return { exitCode };
    const sinceMs = firstOutputAtMs ?? getSeenAtMs();
    if (exitCode === podmanErrorExitCode && sinceMs !== undefined) {
      if ((await explainError(this.#inspect, { text, container: command.container, sinceMs })) !== 'stopped') throw lostExitCodeError();
      return { exitCode: killedExitCode };
    }
    if (mayFollowCommand(text)) throw endedOrRemovedError();
    return { exitCode, fault: classifyError(text, args), faultText: Buffer.from(text) };
  }

  async #runWithStartLine(
    command: ExecCommand,
    options: ExecOptions,
    shell: string,
    mode: StdinMode = selectStdinMode(command),
  ): Promise<ExecResult> {
    const nonce = randomBytes(16).toString('hex');
    const wrapped: ExecCommand = {
      ...command,
      argv: [shell, '-c', startScript, 'sh', mode, ...command.argv],
      markers: { ...command.markers, PODMAN_API_START: nonce },
    };
    let hasOutput = false;
    let stdin: Writable | undefined;
    const onStdin =
      options.onStdin &&
      ((stream: Writable) => {
        stdin = stream;
        options.onStdin?.(stream);
      });
    const finalErrorGate = new FinalErrorGate(options.onOutput);
    const endGate = new EndGate(nonce, finalErrorGate.write, () => stdin?.end());
    const gate = new StartGate(nonce, (stream, bytes) => {
      hasOutput = true;
      return endGate.write(stream, bytes);
    });
    const { args, exitCode } = await this.#runPodman(wrapped, { ...options, ...(onStdin && { onStdin }) }, gate.write);
    await endGate.release();
    if (gate.startedAtMs !== undefined) return this.#ownResult(finalErrorGate, exitCode, command, gate.startedAtMs);
    if (exitCode === null) return { exitCode };
    const stderr = gate.held;
    const fault = classifyError(stderr.toString(), args);
    // With stdin, `limit-reached` can also be an error of the shell, which forks before it runs the command.
    if (!hasOutput && (isPodmanError(exitCode, stderr.toString()) || fault.reason === 'limit-reached')) {
      // Podman loses the start line if the command is killed before podman has passed on all of its stdin.
      if (mode !== '-' && mayFollowCommand(stderr.toString())) throw endedOrRemovedError();
      return { exitCode, fault, faultText: stderr };
    }
    await gate.release();
    await finalErrorGate.release();
    // Podman loses output, also the start line, if no process could be started in the container to read stdin.
    if (mode === 'stdin' && !hasOutput) throw unknownOutcomeError('the container has no room for one more process to read stdin');
    // The image's program has the name of a shell but is not one: it ran, and start.sh did not.
    return { exitCode };
  }

  async #runDirectly(command: ExecCommand, options: ExecOptions): Promise<ExecResult> {
    const outputStart = new OutputBuffer(maxErrorBytes);
    const finalErrorGate = new FinalErrorGate(options.onOutput);
    const gate = new StderrGate(finalErrorGate.write);
    const calledAtMs = Date.now();
    let firstOutputAtMs: number | undefined;
    const { args, exitCode } = await this.#runPodman(command, options, (stream, bytes) => {
      firstOutputAtMs ??= Date.now();
      outputStart.write(stream, bytes);
      return gate.write(stream, bytes);
    });
    const text = outputStart.text('stderr');
    const ownResult = async () => {
      await gate.release();
      return this.#ownResult(finalErrorGate, exitCode, command, firstOutputAtMs ?? calledAtMs);
    };
    // Podman writes nothing to stdout when it fails before the command.
    if (exitCode === null || outputStart.written.stdout > 0) return ownResult();
    if (isRuntimeCrash(exitCode, text)) {
      await gate.release();
      await finalErrorGate.release();
      throw unknownOutcomeError('either the OCI runtime or the command crashed');
    }
    if (!isPodmanError(exitCode, text)) return ownResult();
    if (mayFollowCommand(text)) {
      await gate.release();
      const cause = await explainError(this.#inspect, { text, container: command.container, sinceMs: calledAtMs }, 0);
      if (cause === 'unrelated') {
        await finalErrorGate.release();
        return { exitCode };
      }
      throw endedOrRemovedError();
    }
    const fault = classifyError(text, args);
    if (commandFaults.has(fault.reason) || (await this.#isConfirmed(fault, command, options))) {
      return { exitCode, fault, faultText: gate.discard() };
    }
    await gate.release();
    await finalErrorGate.release();
    throw unknownOutcomeError('the error message may come from podman or from the command');
  }

  /**
   * Returns the result of a command that has started: 137 if podman failed because the container has stopped or was removed.
   * @throws JobOutcomeError (unknown) if podman failed although the container runs
   */
  async #ownResult(
    finalErrorGate: FinalErrorGate,
    exitCode: number | null,
    { container }: ExecCommand,
    sinceMs: number,
  ): Promise<ExecResult> {
    const error: ExecError = { text: finalErrorGate.heldText, container, sinceMs };
    const isPossiblyFromPodman = exitCode === podmanErrorExitCode && error.text !== '';
    const cause = isPossiblyFromPodman ? await explainError(this.#inspect, error) : undefined;
    if (cause === 'stopped') return { exitCode: killedExitCode };
    if (cause === 'running') throw lostExitCodeError();
    await finalErrorGate.release();
    return { exitCode };
  }

  /**
   * Whether podman fails for the same reason when nothing in the container can influence the result. If both the program and the working
   * directory are missing, runc reports the directory and crun the program. The probe for a directory therefore runs the directory as its
   * program: both runtimes fail to execute it unless it is missing.
   */
  async #isConfirmed({ reason }: PodmanFault, { container, user, workDir }: ExecCommand, { signal }: ExecOptions): Promise<boolean> {
    const expected = reason === 'bad-work-dir' ? [reason, 'command-not-found'] : [reason];
    const argv = [reason === 'bad-work-dir' ? './' : `/podman-api-probe-${randomBytes(16).toString('hex')}`];
    const probe = { container, user, workDir, argv, environment: {} };
    const stderr = new OutputBuffer(maxErrorBytes);
    const { args } = await this.#runPodman(probe, { onOutput: stderr.write, ...(signal && { signal }) }, stderr.write);
    return expected.includes(classifyError(stderr.text('stderr'), args).reason);
  }

  async #runPodman(
    command: ExecCommand,
    { onOutput: _onOutput, ...options }: ExecOptions,
    onOutput: ChunkSink,
  ): Promise<{ args: readonly string[]; exitCode: number | null }> {
    const { args, options: commandOptions } = execArguments(command);
    const env = { ...commandOptions.env, ...options.env };
    return { args, exitCode: await this.#run(args, { ...options, ...commandOptions, env }, onOutput) };
  }
}

/** The error for a command that has started, and whose exit code podman did not return. */
function lostExitCodeError(): JobOutcomeError {
  return unknownOutcomeError('podman failed while the command ran, and did not return its exit code');
}

/** The error for a command of which it cannot be known whether it ran, because its container ended or was removed. */
function endedOrRemovedError(): JobOutcomeError {
  return unknownOutcomeError('the container ended or was removed, perhaps while the command ran');
}

/** Mode in which start.sh reads stdin. */
type StdinMode = '-' | 'stdin' | 'stream';

function selectStdinMode({ stdin }: ExecCommand): StdinMode {
  return stdin === undefined ? '-' : 'stdin';
}
