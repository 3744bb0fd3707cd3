import { timingSafeEqual } from 'node:crypto';
import type { JobData } from './job.ts';
import { placeOf } from './names.ts';
import type { Seal } from './seal.ts';

/** Signs a job for the workers. */
export function signed(seal: Seal, id: string, data: Omit<JobData, 'signature'>): JobData {
  const [signature] = seal.fingerprints(textOf(id, data));
  return { ...data, signature };
}

/** Whether a job was made by a process with the same SECRET_KEY, for the node of its id, and is as it was then. */
export function isSigned(seal: Seal, id: string, { signature, ...data }: JobData): boolean {
  if (placeOf(id)?.node !== data.node) return false;
  const given = Buffer.from(String(signature));
  return seal.fingerprints(textOf(id, data)).some(right => right.length === given.length && timingSafeEqual(Buffer.from(right), given));
}

/** BullMQ keeps a job as JSON, which has no `undefined` and no -0: the text is made of what comes out of that. */
function textOf(id: string, data: Omit<JobData, 'signature'>): string {
  return `job ${id} ${JSON.stringify(data)}`;
}
