import { once } from 'node:events';
import { Readable } from 'node:stream';
import Koa from 'koa';
import { afterEach, describe, expect, it } from 'vitest';
import type { KoaContext, State } from '../src/context.ts';
import { endJsonLines } from '../src/middleware/end-json-lines.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Sends a request to an application with the middleware. */
async function request(
  handler: (ctx: KoaContext) => void,
  method = 'GET',
): Promise<{ text: string; length: string | null; status: number }> {
  const app = new Koa<State, object>();
  app.use(endJsonLines);
  app.use(ctx => handler(ctx));
  const server = app.listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  const response = await fetch(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`, { method });
  return { text: await response.text(), length: response.headers.get('Content-Length'), status: response.status };
}

describe('endJsonLines', () => {
  it('ends an object with a newline and keeps its status', async () => {
    const handler = (ctx: KoaContext) => {
      ctx.status = 201;
      ctx.body = { success: true, text: 'ü' };
    };
    expect(await request(handler)).toEqual({ text: '{"success":true,"text":"ü"}\n', length: '29', status: 201 });
    expect(await request(handler, 'HEAD')).toEqual({ text: '', length: '29', status: 201 });
  });

  it.each([
    ['{"a":1}', '{"a":1}\n'],
    ['{"a":1}\n', '{"a":1}\n'],
  ])('ends the JSON text %j with one newline', async (body, text) => {
    expect(await request(ctx => Object.assign(ctx, { type: 'json', body }))).toMatchObject({ text });
  });

  it('ends a large object with a newline too', async () => {
    const text = 'ü'.repeat(500_000);
    const expected = `{"text":"${text}"}\n`;
    expect(await request(ctx => Object.assign(ctx, { body: { text } }))).toEqual({
      text: expected,
      length: String(Buffer.byteLength(expected)),
      status: 200,
    });
  });

  it.each([
    ['plain text', 'text/plain', () => 'x'],
    ['a page', 'text/html', () => '<p>x'],
    ['a buffer', 'application/json', () => Buffer.from('x')],
    ['a stream', 'application/x-ndjson', () => Readable.from(['x'])],
  ])('leaves %s as it is', async (_what, type, body) => {
    expect((await request(ctx => Object.assign(ctx, { type, body: body() }))).text).not.toMatch(/\n/);
  });

  it('leaves a response without a body empty', async () => {
    expect(await request(ctx => Object.assign(ctx, { status: 204 }))).toMatchObject({ text: '', status: 204 });
  });
});
