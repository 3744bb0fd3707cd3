import { describe, expect, it } from 'vitest';
import { unboundedIn } from '../../../packages/operations/test/unbounded-in.ts';
import { routes } from '../src/routes/routes.ts';

describe('the query schemas of routes', () => {
  const queries = routes.flatMap(({ name, query }) => (query === undefined ? [] : [[name, query] as const]));

  it.each(queries)('bound every string, list and object: %s', (_name, query) => expect(unboundedIn(query)).toEqual([]));
});
