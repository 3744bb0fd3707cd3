import { ApiError, type ErrorDetail } from '@podman-api/errors';
import { describe, expect, it } from 'vitest';
import { operations, suggestField, validateInput } from '../src/index.ts';

/** Words of Joi's own messages, which name its rules and not what to do. */
const joiWords =
  /required pattern|allowed types|is not allowed|must be of type|must be one of \[|custom validation|an array|be a boolean|less than or equal|greater than or equal|items|keys? |safe number|undefined|\[object/;

const wrongValues: readonly unknown[] = [
  ...[0, -1, 1.5, 1e300, 2 ** 60, true, null, '', '\0', ' ', '-', 'x\ny', 'é', '/..', 'x'.repeat(200_000)],
  ...[
    [],
    [[]],
    [0],
    [null],
    [''],
    ['\0', '\0'],
    [{}],
    {},
    { a: null },
    { a: {} },
    { '': '' },
    { '=': 'x' },
    { a: [] },
    { a: ['x'] },
    { a: { bind: 1 } },
  ],
];

function detailsOf(operation: (typeof operations)[number], input: object): readonly ErrorDetail[] {
  try {
    validateInput(operation, input);
    return [];
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return error.fields.details ?? [];
    throw error;
  }
}

describe('messages about a wrong value', () => {
  it.each(operations.map(operation => [operation.name, operation] as const))(
    'are sentences with the name of the field: %s',
    (_name, operation) => {
      for (const field of [...Object.keys(operation.input.describe().keys ?? {}), 'unknown']) {
        for (const value of wrongValues) {
          const details = detailsOf(operation, { ...operation.example.input, [field]: value }).filter(
            ({ path }) => path.split('.')[0] === field,
          );
          for (const { message } of details) {
            expect(message).not.toMatch(joiWords);
            expect(message.startsWith(field)).toBe(true);
          }
        }
      }
    },
  );

  it.each([
    [{ memory: {} }, 'memory must be a number of bytes such as 536870912, or a string such as "512m" or "1.5g"'],
    [{ ports: 5 }, 'ports must be a list such as ["8080:80"], or an object such as {"8080": "80"}'],
    [{ command: 5 }, 'command must be a list of words such as ["sleep", "300"], or a string such as "sleep 300"'],
    [{ environment: { A: null } }, 'environment.A must be a string, a number or a boolean'],
    [{ environment: { '1A': 'x' } }, 'environment.1A is not a name of a variable'],
    [{ pull_policy: 'newer' }, 'pull_policy must be missing, always or never'],
    [{ read_only: 'true' }, 'read_only must be true or false, without quotes'],
    [{ pids_limit: '5' }, 'pids_limit must be a number such as 1, not a string'],
    [{ cap_add: 'NET_ADMIN' }, 'cap_add must be a list, such as ["a", "b"]'],
    [{ labels: { a: 5 } }, 'labels.a must be a string, in quotes'],
    [{ image: 'x'.repeat(600) }, 'image must not be longer than 512 characters'],
    [
      { ports: Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`${index + 1}`, 80])) },
      'ports must have at most 1000 entries',
    ],
  ])('say what to write for %.60j', (input, message) => {
    const [create] = operations;
    if (!create) throw new Error('no operations');
    expect(detailsOf(create, { image: 'a', name: 'b', ...input })[0]?.message).toContain(message);
  });

  it('are at most 50, and count the rest', () => {
    const [create] = operations;
    const unknown = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`field${index}`, 1]));
    expect(() => create && validateInput(create, { image: 'a', name: 'b', ...unknown })).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/and 4950 more\.$/) }),
    );
  });
});

describe('suggestField', () => {
  const fields = [
    'image',
    'name',
    'command',
    'environment',
    'ports',
    'volumes',
    'work_dir',
    'restart_policy',
    'cpus',
    'memory',
    'ttl',
    'user',
  ];

  it.each([
    ['env', 'environment'],
    ['cmd', 'command'],
    ['volume', 'volumes'],
    ['port', 'ports'],
    ['imag', 'image'],
    ['Image', 'image'],
    ['enviroment', 'environment'],
    ['workdir', 'work_dir'],
    ['working_dir', 'work_dir'],
    ['restartPolicy', 'restart_policy'],
    ['restart-policy', 'restart_policy'],
    ['mem_limit', 'memory'],
    ['commnad', undefined],
    ['comand', 'command'],
    ['tty', undefined],
    ['privileged', undefined],
    ['constructor', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ])('returns for %.20s: %s', (name, field) => expect(suggestField(name, fields)).toBe(field));

  it('is part of the message about an unknown field', () => {
    const [create] = operations;
    if (!create) throw new Error('no operations');
    expect(detailsOf(create, { image: 'a', name: 'b', env: {}, privileged: true })).toEqual([
      { path: 'env', message: 'env is not a known field (did you mean environment?)' },
      { path: 'privileged', message: 'privileged is not a known field' },
    ]);
  });
});
