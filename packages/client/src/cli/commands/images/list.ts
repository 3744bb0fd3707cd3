import type { ListedImage } from '../../../types.ts';
import { defineCommand } from '../../define-command.ts';
import { UsageError } from '../../errors.ts';
import { formatAge } from '../../format-age.ts';
import { formatSize } from '../../format-size.ts';
import { listFlags, parseListFormat, printList, warnUnreachable } from '../../list-output.ts';
import { filterFlag, omitUndefined, parseBooleanFilter, parseFilters, parseSingleFilter } from '../../parse-flags.ts';

const filterKeys = ['reference', 'dangling', 'label'] as const;

export const images = defineCommand({
  positionals: '[REFERENCE]',
  description: 'Lists the images of all nodes, or those whose name matches; * matches any characters.',
  example: "podman-api images 'alpine*'",
  flags: {
    filter: { ...filterFlag(filterKeys), short: 'f' },
    node: { type: 'string', value: 'NAME', description: 'images of this node' },
    ...listFlags,
  },
  async run({ filter, node, ...values }, [pattern, ...rest], context) {
    const format = parseListFormat(values);
    const filters = parseFilters(filter, filterKeys);
    const reference = parseSingleFilter([...(pattern === undefined ? [] : [pattern]), ...(filters.reference ?? [])], 'reference');
    if (rest.length > 0) throw new UsageError('images takes one reference.');
    const query = omitUndefined({ reference, dangling: parseBooleanFilter(filters.dangling, 'dangling'), label: filters.label, node });
    const { images: items, unreachable } = await context.api.images.list(query, { signal: context.signal });
    const nowMs = Date.now();
    await printList(context, format, {
      items,
      headings: ['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE', 'IN USE', 'NODE'],
      rows: items.flatMap(image => toRows(image, nowMs)),
      names: items.map(({ id }) => id),
    });
    warnUnreachable(context, unreachable, 'images');
    return 0;
  },
});

/** Returns a row for each name of an image, or one if it has none. */
function toRows({ id, references, created, size, in_use: isInUse, node }: ListedImage, now: number): readonly (readonly string[])[] {
  const names = references.length > 0 ? references.map(splitReference) : [['<none>', '<none>']];
  return names.map(name => [...name, id, formatAge(created, now), formatSize(size), isInUse ? 'yes' : 'no', node]);
}

/** Splits a name into repository and tag. A colon before the last slash is that of a port. */
function splitReference(reference: string): readonly string[] {
  const [, repository = reference, tag = '<none>'] = /^(.*):([^/:]*)$/s.exec(reference) ?? [];
  return [repository, tag];
}
