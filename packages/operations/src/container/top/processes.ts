/** A process of a container, as in the response. */
export interface ContainerProcess {
  /** In the container. */
  readonly pid: number;
  readonly ppid: number;
  readonly user: string;
  /** A letter, such as `R` or `S` (ps(1), PROCESS STATE CODES). */
  readonly state: string;
  readonly cpu_percent: number;
  readonly elapsed_seconds: number;
  /** Resident memory in bytes. */
  readonly rss: number;
  readonly command: string;
}

/** Columns of `podman top`; the command is the last, because it may contain spaces and newlines. */
export const topColumns = ['pid', 'ppid', 'user', 'state', 'pcpu', 'etime', 'rss', 'args'] as const;

const firstLine = /^(\d+) +(\d+) +(.*?) {2,}(\S+) +([\d.]+) +([\d.hmsµun]+) +(\d+) +(.*)$/;

/** Parses what `podman top` prints. A line that does not begin like a process belongs to the command of the process before. */
export function parseProcesses(text: string): ContainerProcess[] {
  const commands: { readonly fields: readonly string[]; readonly lines: string[] }[] = [];
  for (const line of text.split('\n').slice(1)) {
    const [, ...fields] = firstLine.exec(line) ?? [];
    if (fields.length > 0) commands.push({ fields, lines: [fields.at(-1) ?? ''] });
    else commands.at(-1)?.lines.push(line);
  }
  return commands.map(({ fields: [pid, ppid, user = '', state = '', cpu, elapsed = '', rss], lines }) => ({
    pid: Number(pid),
    ppid: Number(ppid),
    user,
    state,
    cpu_percent: Number(cpu),
    elapsed_seconds: Math.round(parseSeconds(elapsed) * 10) / 10,
    rss: Number(rss) * 1024,
    command: lines.join('\n').trimEnd(),
  }));
}

const unitSeconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, us: 1e-6, ns: 1e-9 };

/** Parses a duration as Go prints it, such as `1h2m3.5s` or `844.6ms`. @returns seconds */
function parseSeconds(duration: string): number {
  const parts = [...duration.matchAll(/([\d.]+)(h|ms|m|s|µs|us|ns)/g)];
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (unitSeconds[unit] ?? 0), 0);
}
