import type { ListedContainer } from '../../types.ts';
import { defineCommand } from '../define-command.ts';
import { formatAge } from '../format-age.ts';
import { listFlags, parseListFormat, printList, warnUnreachable } from '../list-output.ts';
import { rejectPositionals } from '../parse-flags.ts';

/** Longest command that is printed in full without --no-trunc. */
const maxCommandLength = 30;

export const ps = defineCommand({
  positionals: '',
  description: 'Lists containers.',
  example: 'podman-api ps --all',
  flags: {
    all: { type: 'boolean', short: 'a', description: 'list stopped containers too' },
    'no-trunc': { type: 'boolean', description: 'do not shorten commands' },
    ...listFlags,
  },
  async run({ all, 'no-trunc': noTrunc, ...values }, positionals, context) {
    rejectPositionals(positionals);
    const format = parseListFormat(values);
    const { api, signal } = context;
    const { containers, unreachable } = await api.containers.list({ signal });
    const listed = containers.filter(({ status }) => all || status === 'running' || status === 'paused');
    const now = Date.now();
    const rows = listed.map(({ name, status, exit_code, image, command, created, ports, node }) => {
      const statusCell = exit_code === null ? status : `${status} (${exit_code})`;
      const line = command.join(' ');
      return [name, image, noTrunc ? line : shorten(line), formatAge(created, now), statusCell, ports.map(formatPort).join(', '), node];
    });
    const headings = ['NAME', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NODE'];
    await printList(context, format, { items: listed, headings, rows, names: listed.map(({ id }) => id) });
    warnUnreachable(context, unreachable, 'containers');
    return 0;
  },
});

function shorten(line: string): string {
  return line.length > maxCommandLength ? `${line.slice(0, maxCommandLength - 1)}…` : line;
}

/** Formats a published port as podman does: `0.0.0.0:8080->80/tcp`. */
function formatPort({ host_ip = '0.0.0.0', host_port, container_port, protocol }: ListedContainer['ports'][number]): string {
  return `${host_ip.includes(':') ? `[${host_ip}]` : host_ip}:${host_port}->${container_port}/${protocol}`;
}
