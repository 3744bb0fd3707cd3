import type { ContainerChanges, UpdateRequest } from '../../types.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { parseListFormat } from '../list-output.ts';
import { omitUndefined, parseNumber, requireOnePositional } from '../parse-flags.ts';
import { printableJson, printableLine } from '../printable.ts';
import { forEachName } from './for-each-name.ts';

/** Letters of docker and podman. */
const letters: Readonly<Record<ContainerChanges['changes'][number]['kind'], string>> = { added: 'A', changed: 'C', deleted: 'D' };

export const diff = defineCommand({
  positionals: 'NAME',
  description: 'Lists the files that a container has added (A), changed (C) and deleted (D).',
  example: 'podman-api diff box',
  flags: { format: { type: 'string', value: 'FORMAT', description: 'table or json; default: table' } },
  async run(values, positionals, { api, signal, print, printMessage }) {
    const format = parseListFormat(values);
    const name = requireOnePositional(positionals, "A container's name");
    const { changes, truncated } = await api.containers.changes(name, { signal });
    const lines = changes.map(({ kind, path }) => `${letters[kind]} ${printableLine(path)}\n`);
    await print(format === 'json' ? printableJson(changes) : lines.join(''));
    if (truncated) printMessage('the list is incomplete: the container has more changes than one response holds.');
    return 0;
  },
});

export const commit = defineCommand({
  positionals: 'NAME IMAGE',
  description: 'Creates an image from a container, without its volumes, and prints the id of the image.',
  example: `podman-api commit --change 'CMD ["sleep", "5"]' box localhost/box:backup`,
  flags: {
    message: { type: 'string', short: 'm', value: 'TEXT', description: 'message in the history of the image' },
    author: { type: 'string', short: 'a', value: 'TEXT', description: 'author of the image' },
    change: {
      type: 'string',
      short: 'c',
      multiple: true,
      value: 'INSTRUCTION',
      description: 'instruction of a Containerfile, such as USER 7',
    },
    'no-pause': { type: 'boolean', description: 'do not pause the container meanwhile' },
  },
  async run({ message, author, change, 'no-pause': isRunning }, [name, reference, ...rest], { api, signal, progress, printLine }) {
    if (name === undefined || reference === undefined || rest.length > 0) throw new UsageError('commit needs NAME and IMAGE.');
    progress.show(`creating an image from ${name}`);
    const options = omitUndefined({ message, author, changes: change, pause: isRunning ? false : undefined });
    await printLine((await api.containers.commit(name, { reference, ...options }, { signal })).id);
    return 0;
  },
});

export const update = defineCommand({
  positionals: 'NAME…',
  description: 'Changes limits of containers.',
  example: 'podman-api update --memory 256m --cpus 0.5 box',
  flags: {
    memory: { type: 'string', short: 'm', value: 'SIZE', description: 'memory limit, such as 512m' },
    cpus: { type: 'string', value: 'NUMBER', description: 'CPU limit' },
    'pids-limit': {
      type: 'string',
      value: 'NUMBER',
      description: 'limit of processes, or --pids-limit=-1 for no limit; needs podman 5.1 or later',
    },
    restart: { type: 'string', value: 'POLICY', description: 'as for run; needs podman 5.1 or later' },
  },
  run({ memory, cpus, 'pids-limit': pidsLimit, restart }, names, context) {
    const pids_limit = pidsLimit === '-1' ? -1 : parseNumber(pidsLimit, 'pids-limit');
    const body: UpdateRequest = omitUndefined({ memory, cpus: parseNumber(cpus, 'cpus'), pids_limit, restart_policy: restart });
    if (Object.keys(body).length === 0) throw new UsageError('update needs --memory, --cpus, --pids-limit or --restart.');
    const { api, signal, printLine, printMessage } = context;
    return forEachName(names, context, { noun: 'container', verb: 'updating' }, async name => {
      const { persistent } = await api.containers.update(name, body, { signal });
      await printLine(name);
      if (!persistent) printMessage(`${name} has these limits until it stops: its podman cannot change them permanently.`);
    });
  },
});
