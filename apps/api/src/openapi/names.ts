import type { Scope } from '@podman-api/operations';

/** Converts `container.add_user` to `containerAddUser`. */
export function camelCase(name: string): string {
  return name.replaceAll(/[._](\w)/g, (_mark, letter: string) => letter.toUpperCase());
}

/** Converts `container.add_user` to `ContainerAddUser`. */
export function pascalCase(name: string): string {
  return camelCase(`.${name}`);
}

/** Returns the names of a path's parameters. */
export function pathParameters(path: string): readonly string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
}

/** Converts `/containers/:name` to `/containers/{name}`. */
export function template(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** Returns a description with the scope that a token needs. */
export function withScope(description: string | undefined, scope: Scope | undefined): string {
  return [description, scope === undefined ? undefined : `Needs the scope \`${scope}\`.`].filter(text => text !== undefined).join('\n\n');
}
