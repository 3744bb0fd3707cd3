import { globSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { policyVariables } from '@podman-api/operations';
import { defaultStateDir, variables } from '@podman-api/runtime';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const page = read('docs/configuration.md');

/** Processes that read variables, by the file that calls `readConfig`. `npm start` reads all, and passes them to both. */
const processes = { API: 'apps/api/src/main.ts', worker: 'apps/worker/src/main.ts', token: 'apps/api/src/token.ts' };

/** Returns the names in the call of `readConfig` in a file. */
function readNames(path: string): ReadonlySet<string> {
  const [, list = ''] = /readConfig\(process\.env, \[([\s\S]*?)\]\)/.exec(read(path)) ?? [];
  const names = [...list.matchAll(/'([A-Z_]+)'/g)].map(([, name = '']) => name);
  return new Set([...names, ...(list.includes('...policyVariables') ? policyVariables : [])]);
}

/** Returns the rows of all tables between two comments of the page. */
function rowsOf(section: string): readonly string[] {
  const [, text = ''] = new RegExp(`<!-- ${section}:.*-->\\n([\\s\\S]*?)<!-- /${section} -->`).exec(page) ?? [];
  return text.match(/^\| `.*$/gm) ?? [];
}

/** Returns the first cell of rows, without its quotes. */
const namesOf = (rows: readonly string[]) => rows.map(row => /^\| `(\w+)`/.exec(row)?.[1]);

describe('docs/configuration.md', () => {
  it('lists each variable once, as it is defined and with the processes that read it', () => {
    const readers = Object.entries(processes).map(([name, path]) => ({ name, names: readNames(path) }));
    const expected = Object.entries(variables).map(([name, variable]) => {
      const readBy = readers.filter(({ names }) => names.has(name)).map(reader => reader.name);
      const unit = 'unit' in variable ? variable.unit : undefined;
      const cells = [variable.type, formatDefault(variable.defaultValue, variable), unit ?? '', readBy.join(', '), variable.description];
      return `| \`${name}\` | ${cells.join(' | ')} |`.replaceAll('|  |', '| |');
    });
    expect([...rowsOf('variables')].sort()).toEqual(expected.sort());
  });

  it('lists a variable for every name that a process reads', () => {
    const names = Object.values(processes).flatMap(path => [...readNames(path)]);
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter(name => !Object.hasOwn(variables, name))).toEqual([]);
  });

  it('lists each variable of the compose files, with its default', () => {
    const text = read('docker-compose.yml') + read('docker-compose.replicas.yml');
    const used = [...text.matchAll(/\$\{(\w+)(?::-([^}]*)|:\?[^}]*)\}/g)].map(([, name = '', fallback]) => [name, fallback] as const);
    const expected = [...new Map(used)].map(([name, fallback]) =>
      fallback === undefined ? `\`${name}\` | none` : `\`${name}\` | \`${fallback}\``,
    );
    const documented = rowsOf('compose variables').map(row => /^\| (`\w+` \| (?:`[^`]*`|none)) /.exec(row)?.[1]);
    expect(documented.sort()).toEqual(expected.sort());
  });

  it('lists each variable of the command line', () => {
    const text = globSync('packages/client/src/**/*.ts', { cwd: root }).map(read).join('');
    expect(namesOf(rowsOf('client variables')).sort()).toEqual([...new Set(text.match(/PODMAN_API_\w+/g))].sort());
  });
});

/** Returns a default as the page writes it: a value that can be set, in quotes, or a description. */
function formatDefault(fallback: unknown, variable: object): string {
  if (fallback === undefined || (typeof fallback === 'object' && Object.keys(fallback ?? {}).length === 0)) return 'unset';
  if (fallback === hostname().toLowerCase()) return "the host's name";
  if (fallback === defaultStateDir) return '`.podman-api` in the checkout';
  if ('unit' in variable && variable.unit === 'bytes') return `\`${Number(fallback) / 1024 ** 2}MiB\``;
  if (typeof fallback === 'object' && fallback && 'url' in fallback) return `\`${fallback.url}\``;
  return `\`${fallback}\``;
}
