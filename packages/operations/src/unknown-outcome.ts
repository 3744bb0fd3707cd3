import { JobOutcomeError } from '@podman-api/errors';

/** Returns the error of a job whose outcome was not observed. @param why a clause without a full stop */
export function unknownOutcomeError(why: string): JobOutcomeError {
  return new JobOutcomeError('unknown', `The outcome is unknown: ${why}.`);
}
