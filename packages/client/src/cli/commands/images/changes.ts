import type { ImageDetails } from '../../../types.ts';
import { confirm, forceFlag } from '../../confirm.ts';
import { defineCommand } from '../../define-command.ts';
import { UsageError } from '../../errors.ts';
import { printPruned } from '../../list-output.ts';
import { filterFlag, nodeFlag, omitUndefined, parseFilters, parseSingleFilter, rejectPositionals } from '../../parse-flags.ts';
import { printableJson } from '../../printable.ts';
import { forEachName } from '../for-each-name.ts';

const filterKeys = ['until', 'label'] as const;

export const rmi = defineCommand({
  positionals: 'IMAGE…',
  description: 'Removes names of images, and an image with its last name.',
  example: 'podman-api rmi localhost/app:old',
  flags: {
    force: { type: 'boolean', short: 'f', description: 'remove all names of the image, and the stopped containers that use it' },
    node: nodeFlag,
  },
  run({ force, node }, references, context) {
    const { api, signal, printLine } = context;
    return forEachName(references, context, { noun: 'image', verb: 'removing' }, async reference => {
      await api.images.remove(reference, omitUndefined({ force, node }), { signal });
      await printLine(reference);
    });
  },
});

export const tag = defineCommand({
  positionals: 'IMAGE NEW_NAME…',
  description: 'Gives an image further names.',
  example: 'podman-api tag localhost/app:latest registry.example.com/team/app:1.4',
  flags: { node: nodeFlag },
  run({ node }, [source, ...names], context) {
    if (source === undefined || names.length === 0) throw new UsageError('tag needs IMAGE and NEW_NAME.');
    const { api, signal, printLine } = context;
    return forEachName(names, context, { noun: 'image' }, async reference => {
      await printLine((await api.images.tag(source, { reference }, { node }, { signal })).reference);
    });
  },
});

export const inspectImages = defineCommand({
  positionals: 'IMAGE…',
  description: 'Prints details of images as a JSON list.',
  example: 'podman-api image inspect localhost/app:latest',
  flags: { node: nodeFlag },
  async run({ node }, references, context) {
    const { api, signal, print } = context;
    const found: ImageDetails[] = [];
    const code = await forEachName(references, context, { noun: 'image' }, async reference => {
      found.push(await api.images.inspect(reference, { node }, { signal }));
    });
    await print(printableJson(found));
    return code;
  },
});

export const pruneImages = defineCommand({
  positionals: '',
  description: 'Removes images without a name that no container uses, on all nodes.',
  example: 'podman-api image prune --all --filter until=24h --force',
  flags: {
    all: { type: 'boolean', short: 'a', description: 'remove images with a name too' },
    filter: filterFlag(filterKeys),
    node: { type: 'string', value: 'NAME', description: 'only on this node' },
    force: forceFlag,
  },
  async run({ all, filter, node, force }, positionals, context) {
    rejectPositionals(positionals);
    const filters = parseFilters(filter, filterKeys);
    const body = omitUndefined({ all, until: parseSingleFilter(filters.until, 'until'), label: filters.label });
    const what = all ? 'all images that no container uses' : 'all images without a name that no container uses';
    if (!(await confirm(`This removes ${what}, on ${node ?? 'all nodes'}.`, force, context))) return 0;
    context.progress.show('removing images');
    const { images, unreachable } = await context.api.images.prune(body, { node }, { signal: context.signal });
    const names = images.map(({ id, references }) => references[0] ?? id);
    await printPruned(context, names, unreachable);
    return 0;
  },
});
