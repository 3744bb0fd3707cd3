import type { ApiError } from '@podman-api/errors';
import type { Task } from '@podman-api/operations';
import type { TraceContext } from '@podman-api/runtime';
import type { JobData } from '../job.ts';
import { signed } from '../signature.ts';
import type { Idempotency } from './claim.ts';
import type { ClientParts } from './client.ts';

/** What is known of a request beside its input. */
export interface Request {
  readonly node: string;
  readonly request_id: string;
  /** The name of the caller's token; `null` where no tokens are used. */
  readonly token: string | null;
  readonly idempotency?: Idempotency | undefined;
  /** Why no new job may be made; one that is there already can be joined all the same. */
  readonly refusal?: ApiError | undefined;
  /** The job is to run whether or not somebody waits for it. */
  readonly detached: boolean;
}

/** Whose request it is. */
export type Asker = Pick<Request, 'request_id' | 'token'>;

/** A job to be added: what everyone may read, and its secret fields, sealed. */
export interface NewJob {
  readonly data: JobData;
  readonly sealed: Buffer | undefined;
  /** Size of the input as it stands in Redis. */
  readonly inputBytes: number;
}

/** Makes a job of an operation and its input. */
export function newJob(
  { seal }: Pick<ClientParts, 'seal'>,
  operation: Task,
  input: object,
  { node, request_id, token }: Request,
  { id, claim, place }: { id: string; claim: string | undefined; place: TraceContext | undefined },
): NewJob {
  const fields = Object.entries(input);
  const secret = fields.filter(([field]) => operation.secrets.includes(field));
  const open = Object.fromEntries(fields.filter(([field]) => !operation.secrets.includes(field)));
  const data = {
    operation: operation.name,
    container: typeof open['name'] === 'string' ? open['name'] : null,
    node,
    request_id,
    token,
    changes: operation.changes(input),
    created_at: new Date().toISOString(),
    input: open,
    sealed: secret.map(([field]) => field),
    ...(claim !== undefined && { claim }),
    ...place,
  };
  const sealed = secret.length > 0 ? seal.seal(Buffer.from(JSON.stringify(Object.fromEntries(secret))), id) : undefined;
  return { data: signed(seal, id, data), sealed, inputBytes: Buffer.byteLength(JSON.stringify(open)) + (sealed?.length ?? 0) };
}
