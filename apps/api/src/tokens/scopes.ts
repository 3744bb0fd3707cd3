import type { Scope } from '@podman-api/operations';

/** All scopes with their descriptions. */
export const scopes: Readonly<Record<Scope, string>> = {
  'containers:read': 'list and inspect containers, read their logs',
  'containers:write': 'the same, and create, start, stop and remove containers',
  exec: 'run commands, write files and add users in containers',
  jobs: 'read and cancel jobs of all tokens, view the queue board',
  nodes: 'view, drain and remove nodes',
  metrics: 'read metrics',
  admin: 'everything',
};

/** Returns whether a text is a scope. */
export function isScope(text: string): text is Scope {
  return Object.hasOwn(scopes, text);
}

/** Returns whether scopes include another: `admin` includes all, `containers:write` includes `containers:read`. */
export function covers(granted: readonly Scope[], required: Scope): boolean {
  return (
    granted.includes(required) || granted.includes('admin') || (required === 'containers:read' && granted.includes('containers:write'))
  );
}
