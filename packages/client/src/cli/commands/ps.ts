import type { ListedContainer } from '../../types.ts';
import { defineCommand } from '../define-command.ts';
import { formatAge } from '../format-age.ts';
import { formatTable } from '../format-table.ts';
import { printableJson } from '../printable.ts';

/** Longest command that is printed in full without --no-trunc. */
const maxCommandLength = 30;

export const ps = defineCommand({
  positionals: '',
  description: 'Lists containers.',
  flags: {
    all: { type: 'boolean', short: 'a', description: 'list stopped containers too' },
    'no-trunc': { type: 'boolean', description: 'do not shorten commands' },
    json: { type: 'boolean', description: 'print JSON' },
  },
  async run({ all, json, 'no-trunc': noTrunc }, _positionals, { api, signal, print, printMessage }) {
    const { containers, unreachable } = await api.containers.list({ signal });
    const listed = containers.filter(({ status }) => all || status === 'running' || status === 'paused');
    const now = Date.now();
    const rows = listed.map(({ name, status, exit_code, image, command, created, ports, node }) => {
      const statusCell = exit_code === null ? status : `${status} (${exit_code})`;
      const line = command.join(' ');
      return [name, image, noTrunc ? line : shorten(line), formatAge(created, now), statusCell, ports.map(formatPort).join(', '), node];
    });
    const headings = ['NAME', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NODE'];
    await print(json ? printableJson(listed) : `${formatTable(headings, rows)}\n`);
    if (unreachable.length > 0) printMessage(`these nodes did not answer, and their containers are missing: ${unreachable.join(', ')}`);
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
