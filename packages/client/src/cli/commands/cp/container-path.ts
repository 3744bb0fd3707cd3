import { ApiError } from '../../../errors.ts';
import type { ContainerFile } from '../../../types.ts';
import type { CommandContext } from '../../context.ts';

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

/**
 * Describes the file of a container; if it is a symbolic link to a directory, its type is `directory`.
 * @throws ApiError (404 if there is no such file or container)
 */
export async function describePath(
  { name, path }: ContainerPath,
  { api, signal }: CommandContext,
): Promise<Pick<ContainerFile, 'type' | 'mode'>> {
  const { type, mode } = await api.files.stat(name, path, { signal });
  if (type !== 'symlink') return { type, mode };
  try {
    await api.files.list(name, path, { limit: 1 }, { signal });
    return { type: 'directory', mode };
  } catch (error) {
    if (error instanceof ApiError) return { type, mode };
    throw error;
  }
}
