import type { ListedContainer } from '../../types.ts';
import { ageText } from '../ages.ts';
import { define } from '../command.ts';
import { printableJson } from '../printable.ts';
import { tableOf } from '../table.ts';

/** Characters of a command that are shown without --no-trunc. */
const maxCommandLength = 30;

export const ps = define({
  words: '',
  about: 'Lists containers.',
  flags: {
    all: { type: 'boolean', short: 'a', about: 'those that do not run, too' },
    'no-trunc': { type: 'boolean', about: 'whole commands' },
    json: { type: 'boolean', about: 'as JSON' },
  },
  async run({ all, json, 'no-trunc': isWhole }, _words, { api, stopping, print, tell }) {
    const { containers, unreachable } = await api.containers.list({ signal: stopping });
    const listed = containers.filter(({ status }) => all || status === 'running');
    const now = Date.now();
    const rows = listed.map(({ name, status, exit_code, image, command, created, ports, node }) => {
      const state = exit_code === null ? status : `${status} (${exit_code})`;
      const line = command.join(' ');
      return [name, image, isWhole ? line : shorten(line), ageText(created, now), state, ports.map(portText).join(', '), node];
    });
    const heads = ['NAME', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NODE'];
    await print(json ? printableJson(listed) : `${tableOf(heads, rows)}\n`);
    if (unreachable.length > 0) tell(`these nodes did not answer, and their containers are missing: ${unreachable.join(', ')}`);
    return 0;
  },
});

function shorten(line: string): string {
  return line.length > maxCommandLength ? `${line.slice(0, maxCommandLength - 1)}…` : line;
}

/** Returns a published port as podman writes it: `0.0.0.0:8080->80/tcp`. */
function portText({ host_ip = '0.0.0.0', host_port, container_port, protocol }: ListedContainer['ports'][number]): string {
  return `${host_ip.includes(':') ? `[${host_ip}]` : host_ip}:${host_port}->${container_port}/${protocol}`;
}
