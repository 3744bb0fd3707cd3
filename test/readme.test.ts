import { existsSync, globSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutState, variables } from '@podman-api/runtime';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

describe('the documents', () => {
  it('list every variable with its default in the README', () => {
    const rows = Object.entries(variables).map(([name, variable]) => {
      const unit = 'unit' in variable && variable.unit === 'seconds' ? ', in seconds' : '';
      return `| \`${name}\` | ${formatDefault(variable.fallback, variable)} | ${variable.about}${unit} |`;
    });
    const [, table] = /<!-- variables.*-->\n([\s\S]*?)\n<!-- \/variables -->/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    expect(table).toBe(['| variable | default | |', '|---|---|---|', ...rows].join('\n'));
  });

  it('have no broken relative links', () => {
    const links = globSync('{*,docs/*}.md', { cwd: root }).flatMap(path =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => join(dirname(path), link)),
    );
    expect(links.filter(link => !existsSync(join(root, link)))).toEqual([]);
    expect(links).not.toEqual([]);
  });
});

/** Returns how the README writes a default. */
function formatDefault(fallback: unknown, variable: object): string {
  if (fallback === undefined || (typeof fallback === 'object' && Object.keys(fallback ?? {}).length === 0)) return 'unset';
  if (fallback === hostname().toLowerCase()) return "the host's name";
  if (fallback === checkoutState) return '`.podman-api` in the checkout';
  if ('unit' in variable && variable.unit === 'bytes') return `${Number(fallback) / 1024 ** 2} MiB`;
  if (typeof fallback === 'object' && fallback && 'url' in fallback) return `\`${fallback.url}\``;
  return `\`${fallback}\``;
}
