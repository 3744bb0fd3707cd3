import type { KoaContext } from '../context.ts';

/**
 * Characters from which on a body is sent as bytes, because Node.js copies a string before it encodes it. While logs of 8 MiB were read, the
 * API took up to 329 MiB and its event loop was blocked for 77 ms with strings, and 284 MiB and 58 ms with bytes
 * (hostile-container.long.test.ts).
 */
const minLargeLength = 256 * 1024;

/**
 * Sends a result under its noun.
 * @param extraFields other fields of the response
 */
export function answer(ctx: KoaContext, status: number, noun: string, value: unknown, extraFields: object = {}): void {
  sendJson(ctx, status, JSON.stringify({ success: true, [noun]: value, ...extraFields, ...meta(ctx) }));
}

/**
 * Sends a result like `answer`; the result is already JSON, because many callers share it.
 * @param extraFields other fields of the response
 */
export function answerJson(ctx: KoaContext, status: number, noun: string, json: string, extraFields: object): void {
  const rest = JSON.stringify({ ...extraFields, ...meta(ctx) });
  sendJson(ctx, status, `{"success":true,${JSON.stringify(noun)}:${json},${rest.slice(1)}`);
}

function sendJson(ctx: KoaContext, status: number, json: string): void {
  ctx.status = status;
  ctx.type = 'json';
  ctx.body = json.length < minLargeLength ? json : Buffer.from(json);
}

function meta({ state: { jobId } }: KoaContext): { readonly job_id?: string; readonly timestamp: string } {
  return { ...(jobId !== undefined && { job_id: jobId }), timestamp: new Date().toISOString() };
}
