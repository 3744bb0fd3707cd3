import { boundedList, boundedText } from './bounds.ts';
import { once } from './once.ts';

/** Returns the schema of a filter by labels. */
export const labelFilter = once(() =>
  boundedList(100, boundedText(1024)).single().description('`name=value` or a name; if there are several, all must match.'),
);

/** Returns whether all labels of a filter, each `name=value` or a name, are among some labels. */
export function hasLabels(labels: Readonly<Record<string, string>>, filter: readonly string[] = []): boolean {
  return filter.every(wanted => {
    const [name = '', ...value] = wanted.split('=');
    return Object.hasOwn(labels, name) && (!wanted.includes('=') || labels[name] === value.join('='));
  });
}
