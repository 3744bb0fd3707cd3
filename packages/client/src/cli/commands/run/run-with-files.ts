import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describeSystemError } from '../../../system-error.ts';
import type { FinishedRun, ImageCreateRequest } from '../../../types.ts';
import type { CommandContext } from '../../context.ts';
import { UsageError } from '../../errors.ts';
import { exitCodes } from '../../exit-codes.ts';
import { submitAndFollow } from '../../follow-job.ts';
import { omitUndefined, parseNumber } from '../../parse-flags.ts';
import { readStdinText } from '../../stdin.ts';
import type { RunValues } from './request.ts';

/**
 * Runs a command in a new container, with files of this host in it, and copies files out of it afterwards. The API
 * removes the container even if this program is killed.
 * @returns the exit code of the command; 244 after its time limit; 242 if it is 0 and a file could not be copied out
 * @throws UsageError for flags that do not fit, and files that cannot be read
 */
export async function runWithFiles(
  values: RunValues,
  { name: _name, restart_policy: _restartPolicy, ...options }: ImageCreateRequest,
  command: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (!values.rm) throw new UsageError('--file and --output need --rm: the container is removed after the command.');
  if (values.name !== undefined) throw new UsageError('--name cannot be used with --file and --output.');
  const { api, signal, progress } = context;
  const outputs = (values.output ?? []).map(parseOutput);
  const files = await Promise.all((values.file ?? []).map(readRunFile));
  const stdin = values.interactive ? await readStdinText(signal) : undefined;
  const timeout = parseNumber(values.timeout, 'timeout');
  progress.show(`running ${command[0]} in ${options.image}`);
  // The entrypoint of the image is not used, as in a run without files.
  const request = {
    ...options,
    entrypoint: '',
    command,
    files,
    outputs: outputs.map(({ path }) => path),
    ...omitUndefined({ stdin, timeout }),
  };
  const { job, code } = await submitAndFollow(context, () => api.runs.submit(request, { signal }));
  const { status } = await api.jobs.wait(job.id, { signal });
  if (status !== 'succeeded') return code;
  const run = await api.jobs.result(job, { signal });
  const isComplete = await writeOutputs(run, outputs, context);
  if (run.oom_killed) context.printMessage('the kernel ended a process because of the memory limit: raise --memory.');
  if (run.timed_out) {
    context.printMessage('the command was stopped at its time limit: raise --timeout.');
    return exitCodes.timedOut.code;
  }
  return code === 0 && !isComplete ? exitCodes.failed.code : code;
}

/** A file to copy out. */
interface OutputCopy {
  /** In the container. */
  readonly path: string;
  /** On this host. */
  readonly file: string;
}

function parseOutput(text: string): OutputCopy {
  const [, path, file] = /^(\/[^:]+)(?::(.+))?$/s.exec(text) ?? [];
  if (path === undefined) throw new UsageError(`--output must be /PATH or /PATH:FILE, but is "${text}".`);
  return { path, file: file ?? basename(path) };
}

async function readRunFile(text: string) {
  const [, file, path] = /^(.+?):(\/.+)$/s.exec(text) ?? [];
  if (file === undefined || path === undefined) throw new UsageError(`--file must be FILE:/PATH, but is "${text}".`);
  try {
    const { mode } = await stat(file);
    const content = await readFile(file, 'base64');
    return { path, content, encoding: 'base64' as const, mode: (mode & 0o7777).toString(8).padStart(4, '0') };
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${describeSystemError(error) ?? String(error)}.`);
  }
}

/** Writes the files that the run returned. Each that is missing is a line on stderr. @returns whether all are written */
async function writeOutputs(run: FinishedRun, outputs: readonly OutputCopy[], { printMessage }: CommandContext): Promise<boolean> {
  let isComplete = true;
  for (const [index, { path, file }] of outputs.entries()) {
    const found = run.files[index];
    if (found && 'content' in found) {
      try {
        await writeFile(file, Buffer.from(found.content, found.encoding));
        continue;
      } catch (error) {
        printMessage(`${file} cannot be written: ${describeSystemError(error) ?? String(error)}.`);
      }
    } else {
      printMessage(`${path} cannot be copied: ${found?.error ?? 'the API did not return it'}`);
    }
    isComplete = false;
  }
  return isComplete;
}
