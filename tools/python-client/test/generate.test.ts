import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApiOperation, OpenApiDocument, Schema } from '../src/document.ts';
import { generatedFolder, generateModules, readDocument } from '../src/generate.ts';

const json = (schema: Schema) => ({ content: { 'application/json': { schema } } });
const envelope = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  required: ['success', ...Object.keys(properties)],
  properties: { success: { enum: [true] }, ...properties },
});
const prefer = { name: 'Prefer', in: 'header', schema: { type: 'string' } } as const;
const key = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } } as const;

/** Returns the source of the calls for one operation. */
function generate(method: string, path: string, operation: Partial<ApiOperation>, schemas: OpenApiDocument['components']['schemas'] = {}) {
  const full = { operationId: 'thingAct', summary: 'Acts', tags: ['things'], responses: {}, ...operation };
  const document = { info: { version: '1.2.3' }, paths: { [path]: { [method]: full } }, components: { schemas, parameters: {} } };
  return generateModules(document);
}

describe('clients/python/podman_api/generated', () => {
  it('is what the OpenAPI document says; "npm run openapi" writes it', () => {
    const modules = generateModules(readDocument());
    expect(globSync('*.py', { cwd: generatedFolder }).sort()).toEqual(Object.keys(modules).sort());
    for (const [name, text] of Object.entries(modules)) expect(readFileSync(join(generatedFolder, name), 'utf8'), name).toBe(text);
  });

  it('has a call for each operation but WebSockets', () => {
    const document = readDocument();
    const operations = Object.values(document.paths).flatMap(methods => Object.values(methods));
    const count = operations.filter(({ responses }) => !responses['101']).length;
    const routes = new Set(generateModules(document)['operations.py']?.match(/^ {8}`[A-Z]+ \/\S*`$/gm));
    expect(routes.size).toBe(count);
  });
});

describe('generateModules', () => {
  it('waits for the job of a change, and has a call that does not wait', () => {
    const responses = { 200: json(envelope({ thing: { type: 'string' } })), 202: json(envelope({ job: { type: 'object' } })) };
    const { 'operations.py': source } = generate('post', '/api/v1/things/{name}', {
      parameters: [{ name: 'name', in: 'path', schema: { type: 'string' } }, prefer, key],
      responses,
    });
    expect(source).toContain(
      'def act(\n        self,\n        name: str,\n        *,\n        idempotency_key: str | None = None,\n        wait_seconds: float | None = None,\n    ) -> str:',
    );
    expect(source).toContain('-> PendingJob[str]:');
  });

  it('writes reserved words of Python with an underscore, and fields with such names as they are', () => {
    const body: Schema = { type: 'object', required: ['from'], properties: { from: { type: 'string' }, to: { type: ['string', 'null'] } } };
    const modules = generate(
      'post',
      '/api/v1/things',
      { requestBody: json({ $ref: '#/components/schemas/Move' }), responses: { 200: json(envelope({ moved: { type: 'boolean' } })) } },
      { Move: body },
    );
    expect(modules['operations.py']).toContain('def act(self, *, from_: str, to: str | None = None) -> bool:');
    expect(modules['operations.py']).toContain('body={"from": from_, "to": to}');
    expect(modules['schemas.py']).toContain(
      'Move = TypedDict(\n    "Move",\n    {\n        "from": "str",\n        "to": NotRequired["str | None"],',
    );
  });

  it('has parameters of any name beside its own local names', () => {
    const names = ['path', 'request', 'result', 'self', 'wait_seconds'];
    const parameters = names.map(name => ({ name, in: 'query', schema: { type: 'string' } }) as const);
    const { 'operations.py': source } = generate('get', '/api/v1/things/{id}', {
      parameters: [{ name: 'id', in: 'path', schema: { type: 'string' } }, ...parameters],
      responses: { 200: json(envelope({ thing: { type: 'string' } })) },
    });
    expect(source).toContain('"path": path,');
    expect(source).toContain('"self": self_,');
    expect(source).toContain('_request = Request(\n            "GET",\n            _path("/api/v1/things/{id}", id=id),');
  });

  it('streams events and bytes, and sends bytes', () => {
    const events = generate('get', '/api/v1/things', {
      parameters: [{ name: 'stream', in: 'query', schema: { type: 'boolean' } }],
      responses: { 200: { content: { ...json(envelope({ thing: { type: 'string' } })).content, 'text/event-stream': {} } } },
    })['operations.py'];
    expect(events).toContain('def act(self) -> str:');
    expect(events).toContain('def act_stream(self) -> Iterator[ServerEvent]:');
    expect(events).toContain('query={"stream": "true"}');
    const bytes = generate('get', '/api/v1/things', { responses: { 200: { content: { 'application/x-tar': {} } } } });
    expect(bytes['operations.py']).toContain('def act(self) -> ByteStream:');
    const upload = generate('put', '/api/v1/things', {
      requestBody: { required: true, content: { 'application/octet-stream': {} } },
      responses: { 200: json(envelope({})) },
    });
    expect(upload['operations.py']).toContain('def act(self, *, content: Content) -> None:');
  });

  it('returns a result with several fields as an object', () => {
    const responses = { 200: json(envelope({ things: { type: 'array', items: { type: 'string' } }, unreachable: { type: 'array' } })) };
    const modules = generate('get', '/api/v1/things', { responses });
    expect(modules['operations.py']).toContain('-> schemas.ThingActResult:');
    expect(modules['schemas.py']).toContain('class ThingActResult(TypedDict):\n    things: Sequence[str]\n    unreachable: Sequence[Any]');
  });

  it('refuses two parameters with one name, and unknown schemas', () => {
    const responses = { 200: json(envelope({})) };
    const parameters = ['a-b', 'a_b'].map(name => ({ name, in: 'query', schema: { type: 'string' } }) as const);
    expect(() => generate('get', '/api/v1/things', { parameters, responses })).toThrow('thingAct has two parameters');
    expect(() => generate('get', '/api/v1/things', { responses: { 200: json(envelope({ x: { allOf: [{}, {}] } })) } })).toThrow('allOf');
  });
});
