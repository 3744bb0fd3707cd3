import type { KoaContext } from '../context.ts';

/**
 * Sends a result under its noun.
 * @param extraFields other fields of the response
 */
export function respond(ctx: KoaContext, status: number, noun: string, value: unknown, extraFields: object = {}): void {
  ctx.status = status;
  ctx.body = { success: true, [noun]: value, ...extraFields, ...meta(ctx) };
}

/**
 * Sends a result like `respond`; the result is already JSON, because many callers share it.
 * @param extraFields other fields of the response
 */
export function respondWithJson(ctx: KoaContext, status: number, noun: string, json: string, extraFields: object): void {
  ctx.status = status;
  ctx.type = 'json';
  const rest = JSON.stringify({ ...extraFields, ...meta(ctx) });
  ctx.body = `{"success":true,${JSON.stringify(noun)}:${json},${rest.slice(1)}`;
}

function meta({ state: { jobId } }: KoaContext): { readonly job_id?: string; readonly timestamp: string } {
  return { ...(jobId !== undefined && { job_id: jobId }), timestamp: new Date().toISOString() };
}
