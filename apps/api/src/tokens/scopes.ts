import type { Scope } from '@podman-api/operations';

/** All scopes with their descriptions. */
export const scopes: Readonly<Record<Scope, string>> = {
  'containers:read': 'list and inspect containers, volumes, networks and pools; read logs',
  'containers:write': 'the same, and create, start, stop and remove containers, volumes, networks, runs and pools',
  'images:read': 'list and inspect images',
  'images:write': 'the same, and pull, build, load, tag, push, remove and prune images',
  exec: 'run commands, write files and add users in containers',
  jobs: 'read and cancel jobs of all tokens, view the queue board',
  nodes: 'view, drain and remove nodes',
  metrics: 'read metrics',
  admin: 'everything',
};

/** Returns whether a string is a scope. */
export function isScope(text: string): text is Scope {
  return Object.hasOwn(scopes, text);
}

/**
 * Returns whether scopes include another: `admin` includes all, and a scope that ends in `:write` includes the one of the same noun
 * that ends in `:read`.
 */
export function covers(granted: readonly Scope[], required: Scope): boolean {
  return granted.some(scope => scope === required || scope === 'admin' || scope.replace(/:write$/, ':read') === required);
}
