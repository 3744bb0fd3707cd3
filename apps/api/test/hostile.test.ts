import { readFileSync } from 'node:fs';
import { ApiError } from '@podman-api/errors';
import { fieldsOf, operations, validateAgainst } from '@podman-api/operations';
import { hostileInputs, hostileRoutes, secretMark } from '@podman-api/testing/hostile';
import fc from 'fast-check';
import type { ObjectSchema, ValidationOptions } from 'joi';
import { describe, expect, it } from 'vitest';
import { routes } from '../src/routes/routes.ts';

const numRuns = Number(process.env['HOSTILE_RUNS'] ?? 200);
const document: { paths: Record<string, Record<string, unknown>> } = JSON.parse(
  readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'),
);

describe('the hostile requests', () => {
  it('have a generator for each route of the OpenAPI document', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const generated = [
      ...operations.filter(({ name }) => Object.hasOwn(hostileInputs, name)).map(({ method, path }) => `${method} /api/v1${path}`),
      ...hostileRoutes.map(({ method, path }) => `${method} ${path}`),
    ];
    expect(generated.sort()).toEqual(documented.sort());
  });

  it.each(routes.filter(({ query, body }) => query ?? body).map(route => [route.name, route] as const))(
    'are accepted, or refused with a reason that shows no secret: %s',
    (_name, { method, path, query, body }) => {
      const route = hostileRoutes.find(hostile => hostile.method === method && hostile.path === path);
      if (!route) throw new Error(`there are no hostile requests for ${method} ${path}`);
      expect([...route.query].sort()).toEqual(query ? [...fieldsOf(query)].sort() : []);
      const given = new Set<string>();
      let accepted = 0;
      fc.assert(
        fc.property(route.inputs, input => {
          const fields = Object.entries(input).filter(([name]) => !path.endsWith(`/:${name}`));
          for (const [name] of fields) given.add(name);
          const inQuery = (name: string) => route.query.includes(name);
          const isQueryValid = !query || isAccepted(query, Object.fromEntries(fields.filter(([name]) => inQuery(name))));
          const isBodyValid =
            !body || isAccepted(body.schema, Object.fromEntries(fields.filter(([name]) => !inQuery(name))), { convert: false });
          if (isQueryValid && isBodyValid) accepted += 1;
        }),
        { numRuns },
      );
      expect([...(query ? fieldsOf(query) : []), ...(body ? fieldsOf(body.schema) : [])].filter(name => !given.has(name))).toEqual([]);
      // Of batches 6 % are accepted, of all others more; none of 200 would be in one test of 100,000.
      expect(accepted).toBeGreaterThan(0);
    },
  );
});

/** Whether a schema accepts a value; a refusal must be a 400 that names no secret. */
function isAccepted(schema: ObjectSchema, given: object, options: ValidationOptions = {}): boolean {
  try {
    validateAgainst(schema, given, options);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 400 });
    expect(JSON.stringify(error)).not.toContain(secretMark);
    return false;
  }
}
