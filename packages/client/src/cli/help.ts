import type { Command, Flag } from './command.ts';
import { commands } from './commands/index.ts';
import { exitCodes } from './exit-codes.ts';
import { tableOf } from './table.ts';

/** What `podman-api --help` says. */
export function help(): string {
  return `Usage: podman-api COMMAND [FLAG…] …

${tableOf(
  ['Command', ''],
  Object.entries(commands).map(([name, { about }]) => [`  ${name}`, about]),
)}
  help COMMAND
  version, --version

PODMAN_API_URL       where the API is; http://127.0.0.1:5000, unless set
PODMAN_API_TOKEN     the token, where the API wants one
PODMAN_API_PATIENCE  for how many seconds a call is tried again while the API is away; 10, unless set

Exit codes, beside those of a container's command
${Object.values(exitCodes)
  .map(({ code, about }) => `  ${code}  ${about}`)
  .join('\n')}
`;
}

/** What `podman-api <command> --help` says. */
export function helpOf(name: string, { words, about, flags }: Command): string {
  const rows = Object.entries(flags).map(([flag, { about: text, ...shape }]) => `  ${flagText(flag, shape).padEnd(30)}  ${text}`);
  return `Usage: podman-api ${[name, '[FLAG…]', words].join(' ').trimEnd()}\n\n${about}\n\n${rows.join('\n')}\n`;
}

/** How a flag is written: `-e, --env KEY=VALUE`. */
export function flagText(name: string, { short, value }: Omit<Flag, 'about'>): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}
