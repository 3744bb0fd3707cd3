import type { Operation } from '@podman-api/operations';
import type { JobData } from '../job.ts';
import { keys, newJobId } from '../names.ts';
import type { ClientParts } from './client.ts';

/** What is known of a request beside its input. */
export interface Request {
  readonly node: string;
  readonly request_id: string;
}

/** A job to be added. */
export interface NewJob {
  readonly id: string;
  /** Adds it to its queue; its secrets go before it. */
  add(): Promise<void>;
}

/** Makes a job of an operation and its input: the secret fields are sealed, the rest is for everyone to read. */
export function newJob(
  { redis, queues, seal, waiter, resultTtl }: ClientParts,
  operation: Operation,
  input: object,
  request: Request,
): NewJob {
  const { node, request_id } = request;
  const id = newJobId(node, operation.lane);
  const fields = Object.entries(input);
  const secret = fields.filter(([field]) => operation.secrets.includes(field));
  const open = Object.fromEntries(fields.filter(([field]) => !operation.secrets.includes(field)));
  const data: JobData = {
    operation: operation.name,
    container: typeof open['name'] === 'string' ? open['name'] : null,
    node,
    request_id,
    input: open,
    sealed: secret.map(([field]) => field),
    reply_to: waiter.channel,
  };
  return {
    id,
    async add() {
      const sealed = secret.length > 0 && seal.seal(JSON.stringify(Object.fromEntries(secret)), id);
      await Promise.all([
        sealed && redis.set(keys.sealed(id), sealed, 'EX', resultTtl),
        queues.of(node, operation.lane).add(operation.name, data, {
          jobId: id,
          attempts: 1,
          stackTraceLimit: 0,
          removeOnComplete: { age: resultTtl },
          removeOnFail: { age: resultTtl },
        }),
      ]);
    },
  };
}
