import { readFile } from 'node:fs/promises';
import type { PoolRequest } from '../../types.ts';
import { type CommandGroup, defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { listFlags, parseListFormat, printList } from '../list-output.ts';
import { rejectPositionals, requireOnePositional } from '../parse-flags.ts';
import { printableJson } from '../printable.ts';
import { readStdinText } from '../stdin.ts';
import { forEachName } from './for-each-name.ts';

const ls = defineCommand({
  positionals: '',
  description: 'Lists the warm pools.',
  example: 'podman-api pool ls',
  flags: listFlags,
  async run(values, positionals, context) {
    rejectPositionals(positionals);
    const format = parseListFormat(values);
    const items = await context.api.pools.list({ signal: context.signal });
    const rows = items.map(({ name, size, idle, nodes }) => {
      const [error = ''] = nodes.flatMap(node => (node.error === null ? [] : [node.error]));
      return [name, String(size), String(idle), String(nodes.length), error];
    });
    const headings = ['NAME', 'SIZE', 'IDLE', 'NODES', 'ERROR'];
    await printList(context, format, { items, headings, rows, names: items.map(({ name }) => name) });
    return 0;
  },
});

const put = defineCommand({
  positionals: 'NAME FILE',
  description: 'Declares or changes a pool by a JSON file; - reads stdin.',
  example: 'podman-api pool put ready pool.json',
  flags: {},
  async run(_values, [name, file, ...rest], { api, signal, printLine }) {
    if (name === undefined || file === undefined || rest.length > 0) throw new UsageError('put needs the name of the pool and a file.');
    const pool = await api.pools.put(name, await readRequest(file, signal), { signal });
    await printLine(`${pool.name} keeps ${pool.size} containers on each of ${pool.nodes.length} nodes`);
    return 0;
  },
});

const inspect = defineCommand({
  positionals: 'NAME',
  description: 'Prints a pool as JSON.',
  example: 'podman-api pool inspect ready',
  flags: {},
  async run(_values, positionals, { api, signal, print }) {
    await print(printableJson(await api.pools.inspect(requireOnePositional(positionals, "A pool's name"), { signal })));
    return 0;
  },
});

const rm = defineCommand({
  positionals: 'NAME…',
  description: 'Removes pools and their idle containers, and prints the names.',
  example: 'podman-api pool rm ready',
  flags: {},
  run(_values, names, context) {
    const { api, signal, printLine } = context;
    return forEachName(names, context, { noun: 'pool', verb: 'removing' }, async name => {
      await api.pools.remove(name, { signal });
      await printLine(name);
    });
  },
});

export const pool: CommandGroup = {
  description: 'Lists, declares, inspects and removes warm pools.',
  commands: { ls, put, inspect, rm },
};

/** Reads the declaration of a pool. The API checks its fields. @throws UsageError if it is not a JSON object */
async function readRequest(file: string, signal: AbortSignal): Promise<PoolRequest> {
  const text = file === '-' ? await readStdinText(signal) : await readFile(file, { encoding: 'utf8', signal });
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file} must hold a JSON object, such as {"size": 10, "container": {"image": "docker.io/library/alpine"}}.`);
  }
}
