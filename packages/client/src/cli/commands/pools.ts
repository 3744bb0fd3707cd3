import { readFile } from 'node:fs/promises';
import type { PoolRequest } from '../../types.ts';
import type { CommandContext } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { formatTable } from '../format-table.ts';
import { requireOnePositional } from '../parse-flags.ts';
import { printableJson } from '../printable.ts';
import { readStdinText } from '../stdin.ts';

export const pools = defineCommand({
  positionals: '[put NAME FILE | inspect NAME | rm NAME]',
  description: 'Lists the warm pools; put declares or changes one by a JSON file (-: stdin), inspect prints one, and rm removes one.',
  flags: { json: { type: 'boolean', description: 'print JSON' } },
  async run({ json }, [action, ...rest], context) {
    const { api, signal, print, printLine } = context;
    switch (action) {
      case undefined:
        return listPools(context, json ?? false);
      case 'put': {
        const [name, file, ...more] = rest;
        if (name === undefined || file === undefined || more.length > 0) throw new UsageError('put needs the name of the pool and a file.');
        const pool = await api.pools.put(name, await readRequest(file, signal), { signal });
        await printLine(`${pool.name} keeps ${pool.size} containers on each of ${pool.nodes.length} nodes`);
        return 0;
      }
      case 'inspect':
        await print(printableJson(await api.pools.inspect(requireOnePositional(rest, "A pool's name"), { signal })));
        return 0;
      case 'rm': {
        const { name } = await api.pools.remove(requireOnePositional(rest, "A pool's name"), { signal });
        await printLine(name);
        return 0;
      }
      default:
        throw new UsageError(`"${action}" is not an action of pools: use put, inspect or rm.`);
    }
  },
});

async function listPools({ api, signal, print }: CommandContext, json: boolean): Promise<number> {
  const found = await api.pools.list({ signal });
  const rows = found.map(({ name, size, idle, nodes }) => {
    const errors = nodes.flatMap(({ error }) => (error === null ? [] : [error]));
    return [name, String(size), String(idle), String(nodes.length), errors[0] ?? ''];
  });
  await print(json ? printableJson(found) : `${formatTable(['NAME', 'SIZE', 'IDLE', 'NODES', 'ERROR'], rows)}\n`);
  return 0;
}

/** Reads the declaration of a pool. The API checks its fields. @throws UsageError if it is not a JSON object */
async function readRequest(file: string, signal: AbortSignal): Promise<PoolRequest> {
  const text = file === '-' ? await readStdinText(signal) : await readFile(file, { encoding: 'utf8', signal });
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file} must hold a JSON object, such as {"size": 10, "container": {"image": "docker.io/library/alpine"}}.`);
  }
}
