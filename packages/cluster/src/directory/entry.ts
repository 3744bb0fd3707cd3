import { parseJobId } from '@podman-api/jobs';

/** The holder of a name: a container, or the job that is to create one. */
export interface DirectoryEntry {
  readonly name: string;
  readonly node: string;
  /** A container's short id, or a job's. */
  readonly id: string;
}

/** Returns whether the holder is a job that has reserved the name. */
export function isReservation({ id }: DirectoryEntry): boolean {
  return parseJobId(id) !== undefined;
}

/** Parses a member of `keys.names`. */
export function parseNameEntry(member: string): DirectoryEntry {
  const [name = '', node = '', id = ''] = member.split(' ');
  return { name, node, id };
}

/** Parses a member of `keys.ids`. */
export function parseIdEntry(member: string): DirectoryEntry {
  const [id = '', node = '', name = ''] = member.split(' ');
  return { name, node, id };
}
