import type { TraceContext } from '@podman-api/runtime';
import type { JobData } from '../job.ts';
import type { JobType } from '../job-type.ts';
import type { Seal } from '../seal.ts';
import { sign } from '../signature.ts';

/** The request that a job was created by. */
export interface Requester {
  readonly request_id: string;
  /** The name of the caller's token; `null` where no tokens are used. */
  readonly token: string | null;
}

/** Parameters of `createJob`. */
export interface JobSpec extends Requester {
  readonly id: string;
  readonly node: string;
  readonly type: JobType;
  readonly input: object;
  /** The Redis key of its Idempotency-Key. */
  readonly claim: string | undefined;
  /** The name that is reserved in the fleet for the container that the job creates. */
  readonly reservedName: string | undefined;
  /** Whether a callback is delivered when the job has ended. */
  readonly hasCallback: boolean;
  readonly traceContext: TraceContext | undefined;
}

/** A job to be added: its signed data, and its sealed secret fields. */
export interface NewJob {
  readonly data: JobData;
  readonly sealed: Buffer | undefined;
  /** Size of the input as stored in Redis. */
  readonly inputBytes: number;
}

/** Creates a signed job; the secret fields of its input are sealed. */
export function createJob(seal: Seal, spec: JobSpec): NewJob {
  const { id, node, type, input, request_id, token, claim, reservedName, hasCallback, traceContext } = spec;
  const fields = Object.entries(input);
  const secret = fields.filter(([field]) => type.secrets.includes(field));
  const open = Object.fromEntries(fields.filter(([field]) => !type.secrets.includes(field)));
  const data = {
    operation: type.name,
    container: typeof open['name'] === 'string' ? open['name'] : null,
    node,
    request_id,
    token,
    changes: type.changes(input),
    created_at: new Date().toISOString(),
    input: open,
    sealed: secret.map(([field]) => field),
    ...(claim !== undefined && { claim }),
    ...(reservedName !== undefined && { reserved_name: reservedName }),
    ...(hasCallback && { callback: true }),
    ...traceContext,
  };
  const sealed = secret.length > 0 ? seal.seal(Buffer.from(JSON.stringify(Object.fromEntries(secret))), id) : undefined;
  return { data: sign(seal, id, data), sealed, inputBytes: Buffer.byteLength(JSON.stringify(open)) + (sealed?.length ?? 0) };
}
