/**
 * Returns what CHANGELOG.md says about a version, without its heading.
 * @throws Error if there is no section for the version, or an empty one
 */
export function changelogSection(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find(text => text.startsWith(`${version} - `)) ?? '';
  const body = section.slice(section.indexOf('\n')).trim();
  if (body === '') throw new Error(`CHANGELOG.md has no section "## ${version} - <date>", or it is empty.`);
  return `${body}\n`;
}
