import { addFile } from './container/add-file.ts';
import { addUser } from './container/add-user.ts';
import { create } from './container/create.ts';
import { exec } from './container/exec.ts';
import { find } from './container/find.ts';
import { inspect } from './container/inspect.ts';
import { list } from './container/list.ts';
import { logs } from './container/logs.ts';
import { remove } from './container/remove.ts';
import { renew } from './container/renew.ts';
import { start } from './container/start.ts';
import { stop } from './container/stop.ts';
import type { Operation, Task } from './operation.ts';

/** Everything that can be asked of a node. A new operation is a file and a line here. */
export const operations: readonly Operation[] = [create, list, inspect, remove, start, stop, renew, logs, addUser, addFile, exec];

/** What the API asks of nodes for itself. */
const inner: readonly Task[] = [find];

/** What a job of this name is of; nothing where this version knows none. */
export function findTask(name: string): Task | undefined {
  return findOperation(name) ?? inner.find(task => task.name === name);
}

/** The operation of a name; nothing where this version knows none. */
export function findOperation(name: string): Operation | undefined {
  return operations.find(operation => operation.name === name);
}

export { check, faults, fieldsOf, validated } from './check.ts';
export type { Renewals } from './container/expiry/renewals.ts';
export { type Found, find } from './container/find.ts';
export { jobLabel } from './container/mark.ts';
export { type Known, readContainers, readKnown } from './container/ps.ts';
export type { Context, Effect, Lane, Operation, Output, Scope, Task } from './operation.ts';
export { allow } from './policy/allow.ts';
export { type Policy, type PolicyVariables, policyOf, policyVariables } from './policy/policy.ts';
export { boundedText } from './schemas/bounds.ts';
export { labels, nodeName } from './schemas/nodes.ts';
export { anyText, count, instant, listOf, part, shape, texts } from './schemas/shape.ts';
export { suggestField } from './schemas/suggest.ts';
