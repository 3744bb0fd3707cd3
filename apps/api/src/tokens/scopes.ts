import type { Scope } from '@podman-api/operations';

/** Every scope, and what a token that has it may do. */
export const scopes: Readonly<Record<Scope, string>> = {
  'containers:read': 'list and inspect containers, read their logs',
  'containers:write': 'create, start, stop and remove containers too',
  exec: 'run commands, put files and add users in containers',
  jobs: 'read and cancel the jobs of other tokens too, and see the board of queues',
  nodes: 'see and drain nodes',
  metrics: 'read the figures',
  admin: 'everything',
};

/** Tells whether a text is a scope. */
export function isScope(text: string): text is Scope {
  return Object.hasOwn(scopes, text);
}

/** Whether scopes allow what another asks for: `admin` is all of them, and who may write may read. */
export function covers(have: readonly Scope[], wanted: Scope): boolean {
  return have.includes(wanted) || have.includes('admin') || (wanted === 'containers:read' && have.includes('containers:write'));
}
