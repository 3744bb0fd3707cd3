import { ApiError } from '@podman-api/errors';
import { hasLabels } from '@podman-api/operations';
import { parseObject } from './json.ts';
import { type DockerRequest, notImplemented, queryText } from './route.ts';

/** Filters of a list: the values by name. */
export type Filters = Readonly<Record<string, readonly string[]>>;

/**
 * Reads the query parameter `filters`, in both forms: `{"label": ["a=b"]}`, and `{"label": {"a=b": true}}` of old clients.
 * @param known the names that the route understands
 * @throws ApiError (400) if it cannot be read, (501) for another filter, which must not be ignored
 */
export function readFilters(request: DockerRequest, known: readonly string[]): Filters {
  const text = queryText(request, 'filters');
  if (text === undefined) return {};
  const filters = Object.entries(parseObject(text, 'filters')).map(([name, given]) => [name, valuesOf(name, given)] as const);
  const [unknown] = filters.find(([name, values]) => values.length > 0 && !known.includes(name)) ?? [];
  if (unknown !== undefined) throw notImplemented(`The filter ${unknown}`, `use ${known.join(', ') || 'none'}`);
  return Object.fromEntries(filters.filter(([, values]) => values.length > 0));
}

function valuesOf(name: string, given: unknown): readonly string[] {
  if (Array.isArray(given) && given.every(value => typeof value === 'string')) return given;
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    return Object.entries(given).flatMap(([value, isWanted]) => (isWanted ? [value] : []));
  }
  throw new ApiError('ValidationError', `The filter ${name} must be a list of strings.`);
}

/** Whether a resource matches the filters `name`, `id` and `label`. */
export function matchesFilters(
  one: { readonly name: string; readonly id?: string; readonly labels: Readonly<Record<string, string>> },
  filters: Filters,
): boolean {
  const { name, id, label } = filters;
  return (
    (name === undefined || name.some(part => one.name.includes(part.replace(/^\^|\$$/g, '')))) &&
    (id === undefined || id.some(start => one.id?.startsWith(start))) &&
    hasLabels(one.labels, label)
  );
}
