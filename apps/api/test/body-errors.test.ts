import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { PassThrough } from 'node:stream';
import Koa from 'koa';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { State } from '../src/context.ts';
import { logBodyErrors } from '../src/middleware/body-errors.ts';

afterEach(() => void vi.restoreAllMocks());

/** Serves a body, and lets `breakIt` break its response after the first bytes. @returns what was logged */
async function serve(breakIt: (body: PassThrough, disconnect: () => void) => void): Promise<readonly unknown[]> {
  const toStderr = vi.spyOn(console, 'error').mockImplementation(() => {});
  const logged: unknown[] = [];
  const body = new PassThrough();
  const app = new Koa<State, object>();
  logBodyErrors(app, { error: (...entry: unknown[]) => void logged.push(entry) });
  app.use(ctx => {
    ctx.body = body;
  });
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  // After the callback, which adds Koa's own listener if there is none.
  const failed = once(app, 'error');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const request = get({ host: '127.0.0.1', port });
  request.on('error', () => {});
  body.write('first');
  const [response] = await once(request, 'response');
  response.on('error', () => {});
  breakIt(body, () => request.destroy());
  await failed;
  server.close();
  expect(toStderr).not.toHaveBeenCalled();
  return logged;
}

describe('logBodyErrors', () => {
  it('writes nothing if a client disconnects before the end of a body', async () => {
    expect(await serve((_body, disconnect) => disconnect())).toEqual([]);
  });

  it('logs a body that fails', async () => {
    expect(await serve(body => body.destroy(new Error('the disk is gone')))).toEqual([
      [expect.objectContaining({ err: expect.objectContaining({ message: 'the disk is gone' }) }), expect.any(String)],
    ]);
  });
});
