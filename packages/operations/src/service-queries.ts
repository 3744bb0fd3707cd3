import type { EquivalentQuery } from '@podman-api/podman';

/** Filters of a list: podman's service has the same ones as its command. */
type Filters = Readonly<Record<string, string>>;

interface Named {
  readonly Names: readonly string[] | null;
  readonly Id: string;
}

/** Returns the query for a list that the command prints with `--format=json`. @param kind the folder in the path */
export function queryList(kind: 'images' | 'networks'): EquivalentQuery {
  return { path: `/${kind}/json`, toOutput: body => JSON.stringify(parseList(body)) };
}

/** Returns the query for the lines that `podman network ls` prints with `--format={{.Name}}`. */
export function queryNetworkNames(filters: Filters): EquivalentQuery {
  const path = `/networks/json?${filterParameter(filters)}`;
  return {
    path,
    toOutput: body =>
      parseList<{ readonly name: string }>(body)
        .map(({ name }) => name)
        .join('\n'),
  };
}

/** Returns the query for the lines that `podman ps --all --no-trunc` prints with `--format={{.ID}}` or `--format={{.Names}}`. */
export function queryContainers(field: 'ids' | 'names', filters: Filters): EquivalentQuery {
  const print = ({ Id, Names }: Named) => (field === 'ids' ? Id : (Names ?? []).join());
  return {
    path: `/containers/json?all=true&${filterParameter(filters)}`,
    toOutput: body => parseList<Named>(body).map(print).join('\n'),
  };
}

/** Returns the query for what `podman image inspect` or `podman network inspect` prints. */
export function queryDetails(kind: 'images' | 'networks', reference: string): EquivalentQuery {
  return { path: `/${kind}/${encodeURIComponent(reference)}/json`, toOutput: body => JSON.stringify([JSON.parse(body)]) };
}

function filterParameter(filters: Filters): string {
  const lists = Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, [value]]));
  return `filters=${encodeURIComponent(JSON.stringify(lists))}`;
}

/** @throws Error if it is not a list */
function parseList<Entry>(body: string): readonly Entry[] {
  const entries: readonly Entry[] | null = JSON.parse(body);
  if (!Array.isArray(entries)) throw new Error("the answer of podman's service is not a list");
  return entries;
}
