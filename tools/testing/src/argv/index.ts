import { calls, type Shape, workersOwn } from './calls.ts';
import { type ReadArgv, readArgv } from './read-argv.ts';

export { createFlags } from './calls.ts';
export type { ReadArgv } from './read-argv.ts';

/**
 * Reads podman's arguments as one of an operation's calls.
 * @throws Error where no call of that operation looks so
 */
export function argvOfOperation(operation: string, args: readonly string[]): ReadArgv {
  return readAsOneOf(calls[operation] ?? [], args);
}

/**
 * Reads podman's arguments as any call of any operation's, or of the worker's own.
 * @throws Error where nothing that the contract knows looks so
 */
export function argvOfWorker(args: readonly string[]): ReadArgv {
  return readAsOneOf([...workersOwn, ...Object.values(calls).flat()], args);
}

function readAsOneOf(shapes: readonly Shape[], args: readonly string[]): ReadArgv {
  const faults: string[] = [];
  for (const shape of shapes) {
    try {
      return readArgv(args, shape);
    } catch (error) {
      if (shape.words.every((word, index) => args[index] === word)) faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`podman was called as ${JSON.stringify(args)}: ${faults.join('; ') || 'no such command in the contract'}`);
}
