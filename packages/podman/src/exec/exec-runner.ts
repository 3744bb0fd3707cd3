import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { JobEnded } from '@podman-api/errors';
import type { Run } from '../create-podman.ts';
import { classifyError, isPodmanError } from '../error-patterns.ts';
import { OutputBuffer } from '../output-buffer.ts';
import type { PodmanFault } from '../podman-fault.ts';
import { StderrGate } from '../stderr-gate.ts';
import type { ExecOptions, ExecResult, Take } from '../types.ts';
import { type ExecCommand, execArguments } from './command.ts';
import { StartGate } from './start-gate.ts';

const startScript = readFileSync(new URL('./start.sh', import.meta.url), 'utf8');

/** How much of podman's stderr is read for its error message. */
const maxErrorBytes = 16 * 1024;

/** Programs that can run start.sh as `<program> -c`, if their own first argument is such an option. */
const shells = /^(?:.*\/)?(?:sh|ash|bash|dash|ksh|mksh|zsh)$/;

/** Failures that podman and a shell report alike, by an exit code and a message: they are the command's result. */
const failuresOfTheCommand: ReadonlySet<PodmanFault['reason']> = new Set(['command-not-found', 'command-not-executable']);

/**
 * Runs commands by `podman exec`, each once at most.
 *
 * Podman's errors and a command's stderr arrive on one stream and share exit codes, so neither says which of the two failed.
 * A command such as `sh -c <text>` runs below start.sh, which reports the start; so does one with stdin. For any other program a
 * doubtful error is confirmed by asking podman to start a program that does not exist in the same way: nothing in the
 * container can answer that.
 */
export class ExecRunner {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  /** See `Podman.exec`. */
  async exec(command: ExecCommand, options: ExecOptions): Promise<ExecResult> {
    const { argv, stdin } = command;
    const [program = '', option = ''] = argv;
    if (shells.test(program) && /^-\w*c$/.test(option)) return this.#runMarked(command, options, program);
    if (stdin === undefined) return this.#runUnmarked(command, options);
    const result = await this.#runMarked(command, options, 'sh');
    // Without a shell nothing has run yet.
    return result.fault?.reason === 'command-not-found' ? this.#runUnmarked(command, options) : result;
  }

  /** Runs a script of ours, which reads all of its stdin itself. */
  script(command: ExecCommand, options: ExecOptions): Promise<ExecResult> {
    return this.#runMarked(command, options, 'sh', '-');
  }

  async #runMarked(command: ExecCommand, options: ExecOptions, shell: string, mode = stdinMode(command)): Promise<ExecResult> {
    const nonce = randomBytes(16).toString('hex');
    const marked = {
      ...command,
      argv: [shell, '-c', startScript, 'sh', mode, ...command.argv],
      marks: { ...command.marks, PODMAN_API_START: nonce },
    };
    let hasOutput = false;
    const gate = new StartGate(nonce, (stream, bytes) => {
      hasOutput = true;
      return options.take(stream, bytes);
    });
    const { args, exitCode } = await this.#runPodman(marked, options, gate.take);
    if (gate.hasStarted || exitCode === null) return { exitCode };
    const stderr = gate.held;
    const fault = classifyError(stderr.toString(), args);
    // The shell itself may lack a process for stdin.
    if (!hasOutput && (isPodmanError(exitCode, stderr.toString()) || fault.reason === 'limit-reached')) {
      return { exitCode, fault, faultText: stderr };
    }
    await gate.release();
    // Podman loses output, also the start line, if no process could be started in the container to read stdin.
    if (mode === 'stdin' && !hasOutput) throw unknown('the container has no room for one more process to read stdin');
    // What the image has by the name of the shell has run, and not start.sh.
    return { exitCode };
  }

  async #runUnmarked(command: ExecCommand, options: ExecOptions): Promise<ExecResult> {
    const start = new OutputBuffer(maxErrorBytes);
    const gate = new StderrGate(options.take);
    const { args, exitCode } = await this.#runPodman(command, options, (stream, bytes) => {
      start.take(stream, bytes);
      return gate.take(stream, bytes);
    });
    const text = start.text('stderr');
    // Podman writes nothing to stdout when it fails.
    if (exitCode === null || start.written.stdout > 0 || !isPodmanError(exitCode, text)) {
      await gate.release();
      return { exitCode };
    }
    const fault = classifyError(text, args);
    if (failuresOfTheCommand.has(fault.reason) || (await this.#isConfirmed(fault, command, options))) {
      return { exitCode, fault, faultText: gate.discard() };
    }
    await gate.release();
    throw unknown('the error message may be podman’s or the command’s own, and podman does not repeat it');
  }

  /** Whether podman fails for the same reason when nothing in the container can have a part in it. */
  async #isConfirmed({ reason }: PodmanFault, { container, user, workDir }: ExecCommand, { signal }: ExecOptions): Promise<boolean> {
    const argv = [`/podman-api-probe-${randomBytes(16).toString('hex')}`];
    const probe = { container, user, workDir, argv, environment: {} };
    const stderr = new OutputBuffer(maxErrorBytes);
    const { args } = await this.#runPodman(probe, { take: stderr.take, ...(signal && { signal }) }, stderr.take);
    return classifyError(stderr.text('stderr'), args).reason === reason;
  }

  async #runPodman(
    command: ExecCommand,
    { take: _take, ...options }: ExecOptions,
    take: Take,
  ): Promise<{ args: readonly string[]; exitCode: number | null }> {
    const { args, options: beside } = execArguments(command);
    const env = { ...beside.env, ...options.env };
    return { args, exitCode: await this.#run(args, { ...options, ...beside, env }, take) };
  }
}

function unknown(why: string): JobEnded {
  return new JobEnded('unknown', `The outcome is unknown: ${why}.`);
}

function stdinMode({ stdin }: ExecCommand): 'stdin' | '-' {
  return stdin === undefined ? '-' : 'stdin';
}
