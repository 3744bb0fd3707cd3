import { type CallResponse, images, type Service, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { detached } from '../detached-jobs.ts';

/** A request for a job, and its response. */
export interface Sent {
  /** Output of its command, or name of the container that it creates. */
  readonly mark: string;
  readonly operation: 'exec' | 'create';
  /** The HTTP status of the response. */
  readonly statusCode: number;
  readonly id: string | undefined;
  /** By `performance.now()`. */
  readonly respondedAtMs: number;
}

/** Four callers that send one job after the other: execs with a long wait, a short wait and none, and creates. */
export interface Load {
  readonly sent: readonly Sent[];
  stop(): Promise<void>;
}

/** @param container each exec writes one line to its `/log` */
export function startLoad({ call }: Service, container: string): Load {
  const sent: Sent[] = [];
  let going = true;
  const lane = async (operation: Sent['operation'], headers: Record<string, string>) => {
    while (going) {
      const mark = uniqueContainerName();
      const path = operation === 'exec' ? `/containers/${container}/exec` : '/containers';
      const body = operation === 'exec' ? { command: `echo ${mark} >>/log` } : { image: images.plain, name: mark, command: 'sleep 600' };
      const response = await call('POST', path, body, headers);
      const id = idIn(response);
      sent.push({ mark, operation, statusCode: response.status, id, respondedAtMs: performance.now() });
      // No more at once than podman can handle.
      if (id !== undefined && response.status === 202) await endOf(call, id);
    }
  };
  const lanes = [lane('exec', {}), lane('exec', { Prefer: 'wait=1' }), lane('exec', detached), lane('create', {})];
  return {
    sent,
    async stop() {
      going = false;
      await Promise.all(lanes);
    },
  };
}

function idIn(response: CallResponse): string | undefined {
  const id = response.field('job_id') ?? response.field('error.job.id') ?? response.field('job.id');
  return typeof id === 'string' ? id : undefined;
}

/** Compares the responses to the jobs of a load with what was done; `wrong` has each contradiction. */
export async function checkResponses(
  { call }: Service,
  container: string,
  sent: readonly Sent[],
  safeUntil: number,
): Promise<{ wrong: string[]; lost: number; statuses: Record<string, number> }> {
  const wrong: string[] = [];
  const statuses: Record<string, number> = {};
  let lost = 0;
  const ends = new Map<Sent, string>();
  for (const one of sent) ends.set(one, one.id === undefined ? 'refused' : await endOf(call, one.id));
  const lines = (await testPodman().run(['exec', '--', container, 'cat', '/log'])).trim().split('\n');
  const containers = (await testPodman().run(['ps', '--all', '--format={{.Names}}'])).split('\n');
  for (const [one, status] of ends) {
    const times = (one.operation === 'exec' ? lines : containers).filter(line => line === one.mark).length;
    const report = (why: string) => wrong.push(`${why}: ${JSON.stringify({ ...one, status, times })}`);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (times > 1) report('run twice');
    if (status === 'lost') lost += 1;
    if (status === 'lost' && one.statusCode < 300 && one.respondedAtMs < safeUntil) report('lost although it had reached the replica');
    if ((status === 'succeeded' || one.statusCode === 200 || one.statusCode === 201) && times !== 1)
      report('reported as done, but was not');
    if ((status === 'withdrawn' || status === 'cancelled' || status === 'refused') && times > 0) report('reported as not done, but was');
  }
  return { wrong, lost, statuses };
}

/** Waits for the end of a job and returns its status. */
async function endOf(call: Service['call'], id: string): Promise<string> {
  return until(async () => {
    const response = await call('GET', `/jobs/${id}`);
    if (response.status === 404) return 'lost';
    const status = String(response.field('job.status'));
    return response.status === 200 && status !== 'queued' && status !== 'running' ? status : undefined;
  });
}
