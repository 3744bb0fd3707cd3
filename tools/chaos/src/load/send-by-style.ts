import { setTimeout as delay } from 'node:timers/promises';
import { isEnd } from '../http/job.ts';
import type { CheckedResponse } from '../http/response.ts';
import type { Failure, Request } from '../http/send.ts';
import type { Intent } from '../journal.ts';
import type { RequestStyle } from './plan.ts';
import type { RecordingClient } from './recording-client.ts';

/** Maximum number of requests with one key. */
const maxAttempts = 10;

/** Sends an intent's request in one of the styles. Resolves when the caller has received the outcome or given up. */
export async function sendByStyle(
  style: RequestStyle,
  client: RecordingClient,
  intent: Intent,
  request: Request,
  api: number,
): Promise<void> {
  switch (style.style) {
    case 'plain':
      await client.send(intent, request, api);
      return;
    case 'abandoned':
      await client.send(intent, { ...request, disconnectAfterMs: style.disconnectAfterMs }, api);
      return;
    case 'async':
      await sendAndFollow(client, intent, prefer(request, 'respond-async'), api);
      return;
    case 'impatient':
      await sendAndFollow(client, intent, prefer(request, 'wait=1'), api);
      return;
    case 'keyed':
      await sendUntilSettled(style, client, intent, { ...request, headers: { 'Idempotency-Key': intent.id } }, api);
  }
}

/** Adds a `Prefer` header to a request. */
export function prefer(request: Request, preference: string): Request {
  return { ...request, headers: { ...request.headers, Prefer: preference } };
}

async function sendAndFollow(client: RecordingClient, intent: Intent, request: Request, api: number): Promise<void> {
  await client.send(intent, request, api);
  for (const job of intent.jobs) await client.follow(job, api + 1);
}

async function sendUntilSettled(
  style: RequestStyle & { style: 'keyed' },
  client: RecordingClient,
  intent: Intent,
  request: Request,
  api: number,
): Promise<void> {
  const first = style.disconnectAfterMs === undefined ? request : { ...request, disconnectAfterMs: style.disconnectAfterMs };
  const outcomes = await Promise.all([
    client.send(intent, first, api),
    ...(style.isSentTwice ? [client.send(intent, request, api + 1)] : []),
  ]);
  let settled = outcomes.some(isSettled);
  for (let attempt = 1; attempt < maxAttempts && !settled; attempt += 1) {
    await delay(style.pauseMs);
    settled = isSettled(await client.send(intent, request, api + attempt));
  }
}

/** Returns whether another request would have the same outcome. */
function isSettled(outcome: CheckedResponse | Failure): boolean {
  if (typeof outcome === 'string') return false;
  return isEnd(outcome.job?.status) || ![408, 409, 503].includes(outcome.status);
}
