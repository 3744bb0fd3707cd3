import type { CallbackAttempt, DeliveryParts } from '@podman-api/jobs';
import type { Log } from '@podman-api/runtime';
import { presentJob } from '../routes/jobs/present.ts';
import { RefusedAddressError, type SendParts, sendCallback } from './send.ts';

/**
 * Creates the function that makes one attempt to deliver a callback, and logs how it ended. Nothing of the URL is logged, because
 * it may contain a token.
 */
export function createCallbackSender(parts: SendParts, log: Log): DeliveryParts['send'] {
  return async ({ url, job, number, isLast }: CallbackAttempt) => {
    const fields = { job: job.id, attempt: number };
    const body = JSON.stringify({ job: presentJob(job), timestamp: new Date().toISOString() });
    try {
      const status = await sendCallback(parts, { url, delivery: job.id, body });
      if (status >= 200 && status < 300) {
        log.info({ ...fields, status_code: status }, 'delivered a callback');
        return 'delivered';
      }
      log.warn({ ...fields, status_code: status }, `a callback was not accepted; ${nextStep(isLast)}`);
    } catch (error) {
      if (error instanceof RefusedAddressError) {
        log.warn(fields, 'a callback was not sent: its host has an address that CALLBACK_HOSTS does not allow');
        return 'refused';
      }
      const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      log.warn({ ...fields, reason }, `a callback could not be sent; ${nextStep(isLast)}`);
    }
    return 'failed';
  };
}

function nextStep(isLast: boolean): string {
  return isLast ? 'giving up after an hour' : 'trying again later';
}
