import type { Context } from '../context.ts';

/** Answers with what was asked for, under its noun. */
export function answer(ctx: Context, status: number, noun: string, value: unknown): void {
  const { jobId } = ctx.state;
  ctx.status = status;
  ctx.body = { success: true, [noun]: value, ...(jobId !== undefined && { job_id: jobId }), timestamp: new Date().toISOString() };
}
