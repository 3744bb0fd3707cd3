/** Subcommands of podman that have subcommands of their own. */
const groups: ReadonlySet<string> = new Set(['container', 'healthcheck', 'image', 'network', 'volume']);

/** Returns podman's subcommand in some arguments, such as `exec` or `container inspect`. */
export function verbOf([first = '', second = '']: readonly string[]): string {
  return groups.has(first) ? `${first} ${second}` : first;
}
