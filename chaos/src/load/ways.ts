import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../http/answer.ts';
import { isEnd } from '../http/job.ts';
import type { Failure, Request } from '../http/send.ts';
import type { Act } from '../journal.ts';
import type { Desk } from './desk.ts';
import type { Way } from './plan.ts';

/** How often a caller with a key asks at most. */
const mostAttempts = 10;

/** Sends an act's request in one of the ways and resolves when the caller has heard of its end, or has given up. */
export async function sendBy(way: Way, desk: Desk, act: Act, request: Request, api: number): Promise<void> {
  switch (way.way) {
    case 'plain':
      await desk.ask(act, request, api);
      return;
    case 'abandoned':
      await desk.ask(act, { ...request, leave: way.leave }, api);
      return;
    case 'async':
      await askAndFollow(desk, act, prefer(request, 'respond-async'), api);
      return;
    case 'impatient':
      await askAndFollow(desk, act, prefer(request, 'wait=1'), api);
      return;
    case 'keyed':
      await askOnAndOn(way, desk, act, { ...request, headers: { 'Idempotency-Key': act.id } }, api);
  }
}

export function prefer(request: Request, preference: string): Request {
  return { ...request, headers: { ...request.headers, Prefer: preference } };
}

async function askAndFollow(desk: Desk, act: Act, request: Request, api: number): Promise<void> {
  await desk.ask(act, request, api);
  for (const job of act.jobs) await desk.follow(job, api + 1);
}

async function askOnAndOn(way: Way & { way: 'keyed' }, desk: Desk, act: Act, request: Request, api: number): Promise<void> {
  const first = way.leave === undefined ? request : { ...request, leave: way.leave };
  const outcomes = await Promise.all([desk.ask(act, first, api), ...(way.twice ? [desk.ask(act, request, api + 1)] : [])]);
  let settled = outcomes.some(isSettled);
  for (let attempt = 1; attempt < mostAttempts && !settled; attempt += 1) {
    await delay(way.pause);
    settled = isSettled(await desk.ask(act, request, api + attempt));
  }
}

/** Whether asking again would bring nothing new. */
function isSettled(outcome: Answer | Failure): boolean {
  if (typeof outcome === 'string') return false;
  return isEnd(outcome.job?.status) || ![408, 409, 503].includes(outcome.status);
}
