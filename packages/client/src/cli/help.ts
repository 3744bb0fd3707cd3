import { loadSections } from './commands/index.ts';
import type { CliCommand, CommandGroup, Flag } from './define-command.ts';
import { exitCodes } from './exit-codes.ts';

/** Returns the text of `podman-api --help`. */
export async function formatHelp(): Promise<string> {
  const sections = await loadSections();
  return `Usage: podman-api COMMAND [FLAG…] …

${sections.map(({ title, commands }) => `${title}\n${formatCommands(commands)}\n`).join('\n')}
Help
  help COMMAND        shows the flags of a command, and an example
  version, --version  prints the version

Variables
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
export function formatCommandHelp(name: string, { positionals, description, example, flags }: CliCommand): string {
  const rows = Object.entries(flags).map(([flag, shape]) => `  ${formatFlag(flag, shape).padEnd(30)}  ${shape.description}\n`);
  const usage = ['podman-api', name, ...(rows.length > 0 ? ['[FLAG…]'] : []), positionals].join(' ').trimEnd();
  return `Usage: ${usage}\n\n${description}\n\n${rows.length > 0 ? `Flags\n${rows.join('')}\n` : ''}Example\n  ${example}\n`;
}

/** Returns the text of `podman-api <group> --help`. */
export function formatGroupHelp(name: string, { description, commands }: CommandGroup): string {
  return `Usage: podman-api ${name} COMMAND [FLAG…] …\n\n${description}\n\nCommands\n${formatCommands(commands)}\n`;
}

function formatCommands(commands: Readonly<Record<string, CliCommand | CommandGroup>>): string {
  const width = Math.max(...Object.keys(commands).map(name => name.length));
  return Object.entries(commands)
    .map(([name, { description }]) => `  ${name.padEnd(width)}  ${description}`)
    .join('\n');
}

/** Returns a flag as a user types it: `-e, --env KEY=VALUE`. */
function formatFlag(name: string, { short, value }: Flag): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}
