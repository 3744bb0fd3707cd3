import type { Options } from './options.ts';
import { hostileRequests } from './requests/all.ts';
import type { HostileRequest } from './requests/request.ts';
import { type Reply, send } from './send.ts';
import type { Stage } from './stage.ts';
import { faultOf } from './verdict.ts';

/** How many requests are under way at once. */
const callers = 32;
/** How many breaches are told in full. */
const mostTold = 20;

/** What the requests came to. */
export interface Tally {
  /** How many answers there were of a status; 0 stands for none. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  /** Breaches, those beyond the first few by their number alone. */
  readonly faults: readonly string[];
  readonly breaches: number;
}

/** Sends all requests and judges each answer. @param tell gets a line now and then */
export async function run({ port, ended }: Stage, { seed, requests }: Options, tell: (text: string) => void): Promise<Tally> {
  const statuses: Record<number, number> = {};
  const kinds: Record<string, number> = {};
  const faults: string[] = [];
  let breaches = 0;
  let job = 'none';
  let sent = 0;
  const note = (request: HostileRequest, reply: Reply) => {
    for (const status of reply.statuses.length > 0 ? reply.statuses : [0]) statuses[status] = (statuses[status] ?? 0) + 1;
    kinds[request.kind] = (kinds[request.kind] ?? 0) + 1;
    job = /"job_id":"([\w.-]+)"/.exec(reply.text)?.[1] ?? job;
    const fault = faultOf(reply, request);
    if (fault === undefined) return;
    breaches += 1;
    if (faults.length < mostTold)
      faults.push(`${fault}\n  to ${shown(request.encode(job))}\n  was ${shown(Buffer.from(reply.text, 'latin1'))}`);
  };
  // One source for all callers: each takes the next request as soon as it is free.
  const source = hostileRequests(seed, requests);
  const caller = async () => {
    for (const request of source) {
      note(request, await send(port, request, job));
      sent += 1;
      if (sent % 10_000 === 0) tell(`${sent} sent, ${breaches} breaches`);
      if (ended().length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { statuses, kinds, faults, breaches };
}

function shown(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1').slice(0, 600));
}
