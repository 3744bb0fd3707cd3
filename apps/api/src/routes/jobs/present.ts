import type { JobView } from '@podman-api/jobs';
import { findOperation } from '@podman-api/operations';
import { jobUrl } from '../../context.ts';
import { presentError, presentResult } from '../operations/outcome.ts';

/** Returns a job for a response, with its result or error if it has ended. */
export function presentJob({ outcome, ...job }: JobView): object {
  const operation = findOperation(job.operation);
  const result = outcome && presentResult(operation, outcome);
  const error = outcome && presentError(operation, outcome);
  return { ...job, url: jobUrl(job.id), ...(result && { result }), ...(error && { error: withoutPodman(error) }) };
}

/** Returns a job for a list, without its result. */
export function presentListed({ outcome, ...job }: JobView): object {
  const { message, type } = outcome?.error ?? {};
  return { ...job, url: jobUrl(job.id), ...(message !== undefined && { error: { message, type } }) };
}

/** Removes podman's message, which may contain paths of the host. */
function withoutPodman<Body extends object>({ podman: _podman, ...error }: Body & { podman?: string }): object {
  return error;
}
