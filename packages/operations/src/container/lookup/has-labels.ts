import { boundedList, boundedText } from '../../schemas/bounds.ts';
import type { PsEntry } from './ps.ts';

/** Returns the schema of labels that a container must have. */
export const labelFilter = () =>
  boundedList(100, boundedText(1024)).single().description('`name=value` or a name; a container must have all of several labels.');

/** Returns whether a container has all labels of a filter. Labels that are too large for a list match none. */
export function hasLabels({ Labels }: Pick<PsEntry, 'Labels'>, filter: readonly string[] = []): boolean {
  return filter.every(wanted => {
    const [key = '', ...value] = wanted.split('=');
    const there = Labels !== null && Labels !== 'too-large' && Object.hasOwn(Labels, key) ? Labels[key] : undefined;
    return there !== undefined && (!wanted.includes('=') || there === value.join('='));
  });
}
