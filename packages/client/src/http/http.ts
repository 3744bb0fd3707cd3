import { UnreachableError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { readAnswer } from './answer.ts';
import { type Call, queryOf } from './call.ts';
import { retried } from './retry.ts';
import { whyNot } from './why-not.ts';

/** How long an answer may take, in ms; the longest wait that is asked for is shorter. */
const answerWithin = 60_000;

/** When to cease trying. */
export interface Retry {
  /** In ms; the settings', unless it is more. */
  readonly patience?: number;
  /** Ends the tries, and not the one that is under way. */
  readonly signal?: AbortSignal | undefined;
}

/** The way to the API. */
export interface Http {
  readonly settings: Settings;
  /**
   * Sends a call, again and with the same Idempotency-Key while the API is away.
   * @throws ApiError that the API told, UnreachableError where nobody answered
   */
  send<Body>(call: Call, retry?: Retry): Promise<Body>;
  /** Sends a call once, and gives the answer before its body has come. */
  open(call: Call): Promise<Response>;
}

export function createHttp(settings: Settings): Http {
  const open = async ({ method, path, query = {}, body, headers, signal }: Call): Promise<Response> => {
    try {
      return await fetch(settings.base + path + queryOf(query), {
        method,
        headers: {
          Accept: 'application/json',
          ...(settings.token !== undefined && { Authorization: `Bearer ${settings.token}` }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        // A POST that is led elsewhere would come there without its body, or twice.
        redirect: 'manual',
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    } catch (error) {
      throw whyNot(error, settings, signal);
    }
  };

  const attempt = async <Body>(call: Call): Promise<Body> => {
    const late = AbortSignal.timeout(answerWithin);
    const signal = call.signal ? AbortSignal.any([call.signal, late]) : late;
    try {
      return await readAnswer<Body>(await open({ ...call, signal }));
    } catch (error) {
      if (error instanceof Error && error === late.reason) throw tooLate(settings);
      throw error instanceof TypeError ? whyNot(error, settings, call.signal) : error;
    }
  };

  return {
    settings,
    open,
    send: (call, { patience = 0, signal = call.signal } = {}) => {
      const keyed = call.method === 'GET' ? call : { ...call, headers: { 'Idempotency-Key': crypto.randomUUID(), ...call.headers } };
      return retried(() => attempt(keyed), Math.max(settings.patience, patience), settings.onRetry, signal);
    },
  };
}

function tooLate({ base }: Settings): UnreachableError {
  return new UnreachableError(`${new URL(base).origin} did not answer within ${answerWithin / 1000} seconds.`, true);
}
