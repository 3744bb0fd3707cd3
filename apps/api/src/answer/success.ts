import type { KoaContext } from '../context.ts';

/**
 * Answers with a result under its noun.
 * @param beside other fields of the answer
 */
export function answer(ctx: KoaContext, status: number, noun: string, value: unknown, beside: object = {}): void {
  ctx.status = status;
  ctx.body = { success: true, [noun]: value, ...beside, ...meta(ctx) };
}

/**
 * Answers like `answer`, with a result that is already JSON because many callers share it.
 * @param beside other fields of the answer
 */
export function answerJson(ctx: KoaContext, status: number, noun: string, json: string, beside: object): void {
  ctx.status = status;
  ctx.type = 'json';
  const rest = JSON.stringify({ ...beside, ...meta(ctx) });
  ctx.body = `{"success":true,${JSON.stringify(noun)}:${json},${rest.slice(1)}`;
}

function meta({ state: { jobId } }: KoaContext): { readonly job_id?: string; readonly timestamp: string } {
  return { ...(jobId !== undefined && { job_id: jobId }), timestamp: new Date().toISOString() };
}
