/** A path in a container. */
export interface ContainerPath {
  /** Name or id of the container. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** Returns the container and path of an argument such as `box:/tmp/file`; `undefined` for a path of this host. */
export function parseContainerPath(text: string): ContainerPath | undefined {
  const [, name, path] = /^([^:/]+):(\/.*)$/s.exec(text) ?? [];
  return name === undefined || path === undefined ? undefined : { name, path };
}
