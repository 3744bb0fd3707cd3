import { timingSafeEqual } from 'node:crypto';
import type { JobData } from './job.ts';
import { parseJobId } from './job-id.ts';
import type { Seal } from './seal.ts';

/** Signs a job with SECRET_KEY; see `isSigned`. */
export function sign(seal: Seal, id: string, data: Omit<JobData, 'signature'>): JobData {
  const [signature] = seal.fingerprints(signedText(id, data));
  return { ...data, signature };
}

/** Whether a job was signed with the same SECRET_KEY, belongs to the node in its id, and has not been changed. */
export function isSigned(seal: Seal, id: string, { signature, ...data }: JobData): boolean {
  if (parseJobId(id)?.node !== data.node) return false;
  const given = Buffer.from(String(signature));
  return seal
    .fingerprints(signedText(id, data))
    .some(expected => expected.length === given.length && timingSafeEqual(Buffer.from(expected), given));
}

/** Returns the text that is signed. It is JSON because BullMQ stores jobs as JSON, which drops `undefined` and -0. */
function signedText(id: string, data: Omit<JobData, 'signature'>): string {
  return `job ${id} ${JSON.stringify(data)}`;
}
