import { operationCommands, workerCommands } from './command-patterns.ts';
import { type ParsedArgv, parseArgv } from './parse-argv.ts';
import type { CommandPattern } from './pattern.ts';

export { createFlags } from './create-flags.ts';
export type { ParsedArgv } from './parse-argv.ts';

/**
 * Parses arguments of podman as one of the commands of an operation.
 * @throws Error if they match none of these commands
 */
export function parseOperationArgv(operation: string, args: readonly string[]): ParsedArgv {
  return parseAsOneOf(operationCommands[operation] ?? [], args);
}

/**
 * Parses arguments of podman as a command of any operation, or of the worker itself.
 * @throws Error if they match none of these commands
 */
export function parseWorkerArgv(args: readonly string[]): ParsedArgv {
  return parseAsOneOf([...workerCommands, ...Object.values(operationCommands).flat()], args);
}

function parseAsOneOf(patterns: readonly CommandPattern[], args: readonly string[]): ParsedArgv {
  const mismatches: string[] = [];
  for (const pattern of patterns) {
    try {
      return parseArgv(args, pattern);
    } catch (error) {
      if (pattern.command.every((arg, index) => args[index] === arg))
        mismatches.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `podman was called as ${JSON.stringify(args)}: ${mismatches.join('; ') || 'tools/testing/src/argv has no pattern for this command'}`,
  );
}
