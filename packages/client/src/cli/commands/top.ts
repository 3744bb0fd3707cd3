import { defineCommand } from '../define-command.ts';
import { formatSize } from '../format-size.ts';
import { parseListFormat, printList } from '../list-output.ts';
import { requireOnePositional } from '../parse-flags.ts';

export const top = defineCommand({
  positionals: 'NAME',
  description: 'Lists the processes of a running container.',
  example: 'podman-api top box',
  flags: { format: { type: 'string', value: 'FORMAT', description: 'table or json; default: table' } },
  async run(values, positionals, context) {
    const format = parseListFormat(values);
    const name = requireOnePositional(positionals, "A container's name");
    const { processes: items, truncated } = await context.api.containers.top(name, { signal: context.signal });
    const rows = items.map(({ user, pid, ppid, state, cpu_percent, elapsed_seconds, rss, command }) => [
      user,
      String(pid),
      String(ppid),
      state,
      String(cpu_percent),
      formatElapsed(elapsed_seconds),
      formatSize(rss),
      command,
    ]);
    const headings = ['USER', 'PID', 'PPID', 'STATE', '%CPU', 'ELAPSED', 'RSS', 'COMMAND'];
    await printList(context, format, { items, headings, rows, names: [] });
    if (truncated) context.printMessage('the list is incomplete: the container has more processes than one response holds.');
    return 0;
  },
});

/** Returns a time as `ps` prints it: `02:05`, or `1:02:05` from an hour on. */
function formatElapsed(seconds: number): string {
  const whole = Math.floor(seconds);
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  const minutes = `${twoDigits(Math.floor(whole / 60) % 60)}:${twoDigits(whole % 60)}`;
  return whole < 3600 ? minutes : `${Math.floor(whole / 3600)}:${minutes}`;
}
