import { once } from 'node:events';
import { createServer } from 'node:http';
import { toApiError } from '@podman-api/errors';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { State } from '../src/context.ts';
import { readBody } from '../src/request/body.ts';

const app = new Koa<State, object>();
app.use(async ctx => {
  try {
    ctx.body = { read: await readBody(ctx, 1024 ** 2) };
  } catch (error) {
    const { status, message } = toApiError(error);
    ctx.status = status;
    ctx.body = { message };
  }
});
const server = createServer(app.callback());
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address === 'object' && address !== null) url = `http://127.0.0.1:${address.port}`;
});
afterAll(() => server.close());

const send = async (body: string | Uint8Array<ArrayBuffer>) => {
  const response = await fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  return { status: response.status, body: await response.json() };
};

describe('readBody', () => {
  it.each([
    ['{}', {}],
    ['{"a":"\\ud83d\\udca5","\\ud83d\\udca5":"💥","b":"\\\\ud800"}', { a: '💥', '💥': '💥', b: '\\ud800' }],
    [`{"a":${'['.repeat(31)}${']'.repeat(31)}}`, expect.anything()],
  ])('reads %.40s', async (text, read) => expect(await send(text)).toEqual({ status: 200, body: { read } }));

  it.each([
    ['{"a":"\\ud800"}', 'unpaired surrogate'],
    ['{"\\uDFFF":1}', 'unpaired surrogate'],
    ['{"a":["\\udca5\\ud83d"]}', 'unpaired surrogate'],
    [Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'The body is not valid UTF-8.'],
    ['{"a":{"__proto__":1}}', 'The body must not have a field named __proto__.'],
    ['{"a":{"\\u005f_proto__":1}}', 'The body must not have a field named __proto__.'],
    ['{"constructor":{"prototype":1}}', 'The body must not have a field named constructor.prototype.'],
    ['{"command": "ls",}', 'The body is not valid JSON: unexpected character at line 1, column 18.'],
    ['{\n  "image": "a"\n  "name": "b"\n}', 'The body is not valid JSON: unexpected character at line 3, column 3.'],
    ["{'image': 1}", 'unexpected character at line 1, column 2.'],
    ['{"content": "a\nb"}', 'unexpected character at line 1, column 15.'],
    ['{"command": "ls"', 'it ends too early at line 1, column 17.'],
    ['image=a', 'unexpected character at line 1, column 1.'],
    ['[]', 'must be a JSON object'],
    [`{"a":${'['.repeat(400_000)}`, 'nested deeper than 32 levels'],
    [`{"a":[${'0,'.repeat(400_000)}0]}`, 'of more than 10000 values'],
  ])('returns 400 for %.40s', async (text, message) => {
    expect(await send(text)).toEqual({ status: 400, body: { message: expect.stringContaining(message) } });
  });

  it.each(['{"password": "hush7e1d" x}', '{"password": "hush7e1d', '{"password": hush7e1d}'])(
    'does not quote the invalid body %s in the error',
    async text => {
      const { status, body } = await send(text);
      expect(status).toBe(400);
      expect(JSON.stringify(body)).not.toContain('hush7e1d');
      expect(JSON.stringify(body)).not.toContain('__proto__');
    },
  );
});
