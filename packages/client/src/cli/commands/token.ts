import type { Token } from '../../types.ts';
import { defineCommand } from '../define-command.ts';
import { formatSize } from '../format-size.ts';
import { formatTable } from '../format-table.ts';
import { parseListFormat } from '../list-output.ts';
import { rejectPositionals } from '../parse-flags.ts';
import { printableJson, printableLine } from '../printable.ts';

export const token = defineCommand({
  positionals: '',
  description: 'Prints the name, scopes and quotas of the token in PODMAN_API_TOKEN, and the current use of the quotas.',
  example: 'podman-api token',
  flags: { format: { type: 'string', value: 'FORMAT', description: 'table or json; default: table' } },
  async run(values, positionals, { api, signal, print }) {
    rejectPositionals(positionals);
    const format = parseListFormat(values);
    const own = await api.tokens.self({ signal });
    await print(format === 'json' ? printableJson(own) : formatToken(own));
    return 0;
  },
});

function formatToken({ name, scopes, expires_at, quotas, usage }: Token): string {
  const rows = [
    ['containers', String(usage.containers), formatLimit(quotas.max_containers, String)],
    ['memory', formatSize(usage.memory), formatLimit(quotas.max_memory, formatSize)],
    ['cpus', String(usage.cpus), formatLimit(quotas.max_cpus, String)],
    ['running jobs', String(usage.running_jobs ?? ''), formatLimit(quotas.max_running_jobs, String)],
    ['ttl', '', formatLimit(quotas.max_ttl, seconds => `${seconds} s`)],
  ];
  const about = `Name:     ${printableLine(name)}\nScopes:   ${scopes.join(', ')}\nExpires:  ${expires_at ?? 'never'}\n`;
  return `${about}\n${formatTable(['QUOTA', 'USED', 'LIMIT'], rows)}\n`;
}

function formatLimit(limit: number | null, format: (value: number) => string): string {
  return limit === null ? 'none' : format(limit);
}
