import { addFile } from './container/add-file.ts';
import { addUser } from './container/add-user.ts';
import { create } from './container/create.ts';
import { exec } from './container/exec.ts';
import { inspect } from './container/inspect.ts';
import { list } from './container/list.ts';
import { logs } from './container/logs.ts';
import { remove } from './container/remove.ts';
import { start } from './container/start.ts';
import { stop } from './container/stop.ts';
import type { Operation } from './operation.ts';

/** Everything that can be asked of a node. A new operation is a file and a line here. */
export const operations: readonly Operation[] = [create, list, inspect, remove, start, stop, logs, addUser, addFile, exec];

/** The operation of a name; nothing where this version knows none. */
export function findOperation(name: string): Operation | undefined {
  return operations.find(operation => operation.name === name);
}

export { check, faults, validated } from './check.ts';
export type { Context, Lane, Operation, Output, Scope } from './operation.ts';
export { allow } from './policy/allow.ts';
export { type Policy, type PolicyVariables, policyOf, policyVariables } from './policy/policy.ts';
