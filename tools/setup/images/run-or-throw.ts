import { run, SetupError } from '../system/run.mjs';

/**
 * Runs a program to its end.
 * @throws {SetupError} with the end of its output if it fails
 */
export function runOrThrow(program: string, args: readonly string[], cwd?: string): void {
  const { ok, output } = run(program, args, cwd === undefined ? {} : { cwd });
  if (ok) return;
  const end = output.split('\n').slice(-3).join(' ');
  throw new SetupError(`${program} failed: ${end}`, 'Fix the cause, then run the same command again.');
}
