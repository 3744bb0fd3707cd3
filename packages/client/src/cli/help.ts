import { commands } from './commands/index.ts';
import type { Command, Flag } from './define-command.ts';
import { exitCodes } from './exit-codes.ts';
import { formatTable } from './format-table.ts';

/** Returns the text of `podman-api --help`. */
export function formatHelp(): string {
  return `Usage: podman-api COMMAND [FLAG…] …

${formatTable(
  ['Command', ''],
  Object.entries(commands).map(([name, { description }]) => [`  ${name}`, description]),
)}
  help COMMAND
  version, --version

PODMAN_API_URL            address of the API; default: http://127.0.0.1:5000
PODMAN_API_TOKEN          token, if the API requires one
PODMAN_API_RETRY_TIMEOUT  seconds for which a call is retried while the API is unreachable; default: 10

Exit codes other than those of a container's command
${Object.values(exitCodes)
  .map(({ code, description }) => `  ${code}  ${description}`)
  .join('\n')}
`;
}

/** Returns the text of `podman-api <command> --help`. */
export function formatCommandHelp(name: string, { positionals, description, flags }: Command): string {
  const rows = Object.entries(flags).map(([flag, shape]) => `  ${formatFlag(flag, shape).padEnd(30)}  ${shape.description}`);
  return `Usage: podman-api ${[name, '[FLAG…]', positionals].join(' ').trimEnd()}\n\n${description}\n\n${rows.join('\n')}\n`;
}

/** Returns a flag as a user types it: `-e, --env KEY=VALUE`. */
function formatFlag(name: string, { short, value }: Flag): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}
