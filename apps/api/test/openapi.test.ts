import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { operations, validateInput } from '@podman-api/operations';
import { assertConforms } from '@podman-api/testing/conform';
import { describe, expect, it } from 'vitest';
import { renderDocument } from '../src/openapi/render-document.ts';
import { routes } from '../src/routes/routes.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The content of a request or response, by media type. */
type Content = Readonly<Record<string, { readonly example?: unknown }>>;
interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name?: string; readonly required?: boolean; readonly example?: unknown }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
const generatedText = renderDocument();
const document: { paths: Record<string, Record<string, DocumentedOperation>> } = JSON.parse(generatedText);

describe('docs/openapi.json', () => {
  it('is up to date with the code ("npm run openapi" writes it)', () => {
    expect(readFileSync(`${root}docs/openapi.json`, 'utf8')).toBe(generatedText);
  });

  it('has every operation and every route once', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map(method => `${method} ${path}`));
    const declared = [
      ...operations.map(({ method, path }) => `${method} /api/v1${path}`),
      ...routes.map(({ method, path }) => `${method} ${path}`),
      'GET /api/v1/openapi.json',
    ];
    expect(documented.sort()).toEqual(
      declared.map(text => text.replaceAll(/:(\w+)/g, '{$1}').replace(/^\w+/, method => method.toLowerCase())).sort(),
    );
    const ids = Object.values(document.paths).flatMap(methods => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('passes the linter of Redocly', () => {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    // A WebSocket has no 2XX response; the next test checks the others.
    const rules = ['--extends=recommended-strict', '--skip-rule=operation-2xx-response'];
    const args = ['lint', '--format=json', ...rules, 'docs/openapi.json'];
    const { stdout } = spawnSync(`${root}node_modules/.bin/redocly`, args, { cwd: root, env, encoding: 'utf8' });
    const { totals, problems }: { totals: object; problems: readonly object[] } = JSON.parse(stdout);
    expect(problems).toEqual([]);
    expect(totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
  });

  it('has a response for success of each operation', () => {
    const without = Object.values(document.paths)
      .flatMap(methods => Object.values(methods))
      .filter(({ responses }) => !Object.keys(responses).some(status => status.startsWith('2')));
    expect(without.map(({ operationId, responses }) => [operationId, '101' in responses])).toEqual([['containerTerminal', true]]);
  });

  it('has an example of the request and of each response of success of each operation, except of archives and WebSockets', () => {
    const isMissing = ([type, { example }]: [string, { readonly example?: unknown }]) =>
      example === undefined && type !== 'application/x-tar';
    const missing = Object.values(document.paths)
      .flatMap(methods => Object.values(methods))
      .flatMap(({ operationId, parameters, requestBody, responses }) => {
        const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
        const contents = [requestBody, ...successes.map(([, success]) => success)].flatMap(one => Object.entries(one?.content ?? {}));
        const required = parameters.filter(parameter => parameter.required === true && parameter.example === undefined);
        return [
          ...required.map(({ name }) => `${operationId} ${name}`),
          ...contents.filter(isMissing).map(([type]) => `${operationId} ${type}`),
        ];
      });
    expect(missing).toEqual([]);
  });

  it('needs no example of an archive, because the docs have a command for each', () => {
    const pages = ['api', 'files-and-users'].map(page => readFileSync(`${root}docs/${page}.md`, 'utf8')).join('');
    const commands = [...pages.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command]) => command).join('');
    const archives = operations.filter(({ upload, download }) => [upload?.type, download?.type].includes('application/x-tar'));
    const undocumented = archives.filter(({ path }) => !new RegExp(path.replace(/:\w+/, '[\\w.-]+')).test(commands));
    expect(archives.length).toBeGreaterThan(3);
    expect(undocumented.map(({ name }) => name)).toEqual([]);
  });

  it.each(operations.map(operation => [operation.name, operation] as const))('has a valid example for %s', (_name, operation) => {
    expect(validateInput(operation, operation.example.input)).toEqual(operation.example.input);
  });
});

const headers = { 'Content-Type': 'application/json; charset=utf-8', 'X-Request-Id': 'one' };
const timestamp = '2026-01-05T09:30:00.000Z';
const container = { name: 'web', status: 'stopped' };
const stopped = { success: true, container, job_id: 'local_1', timestamp };
const failed = { success: false, error: { message: 'No.', code: 404, type: 'NotFoundError' }, timestamp };
const hold = (status: number, body: unknown, extraHeaders: Readonly<Record<string, string>> = {}, path = '/api/v1/containers/web/stop') =>
  assertConforms('POST', path, { status, headers: new Headers({ ...headers, ...extraHeaders }), body });

describe('assertConforms', () => {
  it('accepts responses that match the document', () => {
    hold(200, stopped, { 'Preference-Applied': 'wait=3' });
    hold(404, failed);
    hold(404, failed, {}, '/api/v1/nothing');
    // Of a request that was not received in time (`client-error.ts`), which may be sent again.
    hold(408, { ...failed, error: { message: 'No.', code: 408, type: 'TimeoutError' } });
  });

  it.each([
    ['a status that is not documented', 418, stopped, {}, 'status 418'],
    ['a missing field', 200, { ...stopped, job_id: undefined }, {}, "'job_id'"],
    ['an additional field', 200, { ...stopped, colour: 'red' }, {}, 'colour'],
    ['an additional nested field', 200, { ...stopped, container: { ...container, pid: 1 } }, {}, 'pid'],
    ['a value outside the enum', 200, { ...stopped, container: { ...container, status: 'halted' } }, {}, 'body.container.status'],
    ['an invalid time', 200, { ...stopped, timestamp: 'today' }, {}, 'date-time'],
    ['an error type of another status', 404, { ...failed, error: { ...failed.error, type: 'ConflictError' } }, {}, 'body.error.type'],
    ['a header that is not documented', 200, stopped, { Location: '/' }, 'Location'],
    ['a missing header', 503, failed, {}, 'Retry-After is missing'],
    ['a header of another type', 503, failed, { 'Retry-After': 'soon' }, 'Retry-After must be integer'],
    ['another content type', 200, 'stopped', { 'Content-Type': 'text/plain' }, 'text/plain'],
  ])('rejects %s', (_what, status, body, extraHeaders, message) => expect(() => hold(status, body, extraHeaders)).toThrow(message));
});
