import { expect, test } from 'vitest';
import { check, operations } from '../src/index.ts';

test('every route of the contract is declared once', () => {
  expect(operations.map(({ method, path, noun, status }) => `${method} ${path} ${status} ${noun}`).sort()).toEqual([
    'DELETE /containers/:name 200 container',
    'GET /containers 200 containers',
    'GET /containers/:name 200 container',
    'GET /containers/:name/logs 200 container',
    'POST /containers 201 container',
    'POST /containers/:name/exec 200 execution',
    'POST /containers/:name/files 201 file',
    'POST /containers/:name/renew 200 container',
    'POST /containers/:name/start 200 container',
    'POST /containers/:name/stop 200 container',
    'POST /containers/:name/users 201 user',
  ]);
  expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
});

test('only what is harmless twice may be repeated, and only reads are in their lane', () => {
  const named = (wanted: (operation: (typeof operations)[number]) => boolean) =>
    operations
      .filter(wanted)
      .map(({ name }) => name)
      .sort();
  expect(named(({ repeatable }) => repeatable)).toEqual([
    'container.inspect',
    'container.list',
    'container.logs',
    'container.renew',
    'container.start',
    'container.stop',
  ]);
  expect(named(({ lane }) => lane === 'reads')).toEqual(['container.inspect', 'container.list', 'container.logs']);
});

test('fields of the query and secret fields are fields of the input', () => {
  for (const { input, query, secrets } of operations) {
    const fields = Object.keys(input.describe().keys ?? {});
    expect(fields).toEqual(expect.arrayContaining([...query, ...secrets]));
  }
});

test('all faults of an input are told at once, each with its field', () => {
  const [create] = operations;
  if (!create) throw new Error('no operations');
  expect(() => check(create, { name: '-', imag: 'x', ports: ['x'], memory: 'much' })).toThrow(
    expect.objectContaining({
      status: 400,
      fields: { details: ['image', 'name', 'ports', 'memory', 'imag'].map(path => ({ path, message: expect.stringContaining(path) })) },
    }),
  );
});
