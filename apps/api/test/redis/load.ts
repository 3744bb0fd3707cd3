import { type Answer, images, type Service, testPodman, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { detached } from '../detached-jobs.ts';

/** A request for a job, and its answer. */
export interface Sent {
  /** Output of its command, or name of the container that it creates. */
  readonly mark: string;
  readonly operation: 'exec' | 'create';
  /** The HTTP status of the answer. */
  readonly answered: number;
  readonly id: string | undefined;
  /** By `performance.now()`. */
  readonly answeredAt: number;
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
      const answer = await call('POST', path, body, headers);
      const id = idIn(answer);
      sent.push({ mark, operation, answered: answer.status, id, answeredAt: performance.now() });
      // No more at once than podman can handle.
      if (id !== undefined && answer.status === 202) await endOf(call, id);
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

function idIn(answer: Answer): string | undefined {
  const id = answer.field('job_id') ?? answer.field('error.job.id') ?? answer.field('job.id');
  return typeof id === 'string' ? id : undefined;
}

/** Compares the answers to the jobs of a load with what was done; `wrong` has each contradiction. */
export async function judgeAnswers(
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
    if (status === 'lost' && one.answered < 300 && one.answeredAt < safeUntil) report('lost although it had reached the replica');
    if ((status === 'succeeded' || one.answered === 200 || one.answered === 201) && times !== 1) report('reported as done, but was not');
    if ((status === 'withdrawn' || status === 'cancelled' || status === 'refused') && times > 0) report('reported as not done, but was');
  }
  return { wrong, lost, statuses };
}

/** Waits for the end of a job and returns its status. */
async function endOf(call: Service['call'], id: string): Promise<string> {
  return until(async () => {
    const answer = await call('GET', `/jobs/${id}`);
    if (answer.status === 404) return 'lost';
    const status = String(answer.field('job.status'));
    return answer.status === 200 && status !== 'queued' && status !== 'running' ? status : undefined;
  });
}
