import type { HostileEnvironment } from './environment.ts';
import { findFault } from './find-fault.ts';
import type { HostileOptions } from './options.ts';
import { hostileRequests } from './requests/all.ts';
import type { HostileRequest } from './requests/request.ts';
import { type Reply, send } from './send.ts';

/** Number of concurrent requests. */
const maxConcurrentRequests = 32;
/** Number of breaches that are printed in full. */
const maxPrintedBreaches = 20;

/** Counts of a run, and the first faults. */
export interface RunCounts {
  /** Number of responses by status; 0 if there was none. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  /** Descriptions of the first breaches. */
  readonly faults: readonly string[];
  readonly breaches: number;
}

/** Sends all requests and checks each response. @param log called with progress lines */
export async function run(
  { port, listExitedProcesses }: HostileEnvironment,
  { seed, requests }: HostileOptions,
  log: (text: string) => void,
): Promise<RunCounts> {
  const statuses: Record<number, number> = {};
  const kinds: Record<string, number> = {};
  const faults: string[] = [];
  let breaches = 0;
  let job = 'none';
  let sent = 0;
  const record = (request: HostileRequest, reply: Reply) => {
    for (const status of reply.statuses.length > 0 ? reply.statuses : [0]) statuses[status] = (statuses[status] ?? 0) + 1;
    kinds[request.kind] = (kinds[request.kind] ?? 0) + 1;
    job = /"job_id":"([\w.-]+)"/.exec(reply.text)?.[1] ?? job;
    const fault = findFault(reply, request);
    if (fault === undefined) return;
    breaches += 1;
    if (faults.length < maxPrintedBreaches)
      faults.push(`${fault}\n  to ${quote(request.encode(job))}\n  was ${quote(Buffer.from(reply.text, 'latin1'))}`);
  };
  // One source for all callers: each takes the next request as soon as it is free.
  const source = hostileRequests(seed, requests);
  const caller = async () => {
    for (const request of source) {
      record(request, await send(port, request, job));
      sent += 1;
      if (sent % 10_000 === 0) log(`${sent} sent, ${breaches} breaches`);
      if (listExitedProcesses().length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: maxConcurrentRequests }, caller));
  return { statuses, kinds, faults, breaches };
}

/** Returns the first 600 bytes as a JSON string. */
function quote(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1').slice(0, 600));
}
