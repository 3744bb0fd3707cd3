import { timingSafeEqual } from 'node:crypto';
import type { JobData } from './job.ts';
import { parseJobId } from './job-id.ts';
import type { Seal } from './seal.ts';

/** Signs a job, so that workers can tell that a process with SECRET_KEY created it. */
export function sign(seal: Seal, id: string, data: Omit<JobData, 'signature'>): JobData {
  const [signature] = seal.fingerprints(textOf(id, data));
  return { ...data, signature };
}

/** Tells whether a process with the same SECRET_KEY created the job, for the node of its id, and nobody has changed it. */
export function isSigned(seal: Seal, id: string, { signature, ...data }: JobData): boolean {
  if (parseJobId(id)?.node !== data.node) return false;
  const given = Buffer.from(String(signature));
  return seal.fingerprints(textOf(id, data)).some(right => right.length === given.length && timingSafeEqual(Buffer.from(right), given));
}

/** BullMQ keeps a job as JSON, which has no `undefined` and no -0: the text is made of what comes out of that. */
function textOf(id: string, data: Omit<JobData, 'signature'>): string {
  return `job ${id} ${JSON.stringify(data)}`;
}
