import type { JobView } from '@podman-api/jobs';
import { findOperation } from '@podman-api/operations';
import { jobUrl } from '../../context.ts';
import { presentError, presentResult } from '../operations/outcome.ts';

/** A job as an answer shows it: how it stands and, where it has ended, its result or error. */
export function presentJob({ outcome, ...job }: JobView): object {
  const operation = findOperation(job.operation);
  const result = outcome && presentResult(operation, outcome);
  const error = outcome && presentError(operation, outcome);
  return { ...job, url: jobUrl(job.id), ...(result && { result }), ...(error && { error: withoutPodman(error) }) };
}

/** A job in a list, where results would be too much. */
export function presentListed({ outcome, ...job }: JobView): object {
  const { message, type } = outcome?.error ?? {};
  return { ...job, url: jobUrl(job.id), ...(message !== undefined && { error: { message, type } }) };
}

/** Podman's own words may hold the host's paths. */
function withoutPodman<Body extends object>({ podman: _podman, ...error }: Body & { podman?: string }): object {
  return error;
}
