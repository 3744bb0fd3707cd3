import { placeOf } from '../names.ts';

/** Who has a name: a container, or the job that is to make it. */
export interface Entry {
  readonly name: string;
  readonly node: string;
  /** A container's short id, or a job's. */
  readonly id: string;
}

/** Whether it is a job that is to make a container. */
export function isClaim({ id }: Entry): boolean {
  return placeOf(id) !== undefined;
}

/** Reads a member of `keys.names`. */
export function parseName(member: string): Entry {
  const [name = '', node = '', id = ''] = member.split(' ');
  return { name, node, id };
}

/** Reads a member of `keys.ids`. */
export function parseId(member: string): Entry {
  const [id = '', node = '', name = ''] = member.split(' ');
  return { name, node, id };
}
