import { setTimeout as delay } from 'node:timers/promises';
import { fieldOf, textOf } from '@podman-api/testing/field';
import { readJob } from './http/job.ts';
import type { KnownJob } from './journal.ts';
import type { RecordingClient } from './load/recording-client.ts';

/** How long jobs may take to end once nothing goes wrong any more, in ms. */
const patience = 60_000;
/** How many jobs are read at once. */
const atOnce = 8;

/**
 * Learns of the jobs that no answer told of, and reads every job until it has ended, by turns from both API
 * processes; what has not ended after a minute stays open in the journal.
 */
export async function settle(client: RecordingClient): Promise<void> {
  const until = Date.now() + patience;
  await overhear(client, until);
  // Each is read once more, even if its end is known: it must still be there.
  await readAll(client, [...client.journal.jobs.values()]);
  while (client.journal.unended.length > 0 && Date.now() < until) {
    await readAll(client, client.journal.unended, 2);
    await delay(100);
  }
}

async function readAll(client: RecordingClient, jobs: readonly KnownJob[], wait?: number): Promise<void> {
  const left = jobs.entries();
  const reader = async () => {
    for (const [index, job] of left) await client.read(job, index, wait);
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
}

/** Pages through all jobs. */
async function overhear(client: RecordingClient, until: number): Promise<void> {
  for (let cursor: string | undefined = ''; cursor !== undefined && Date.now() < until; ) {
    const answer = await client.get(`/jobs?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`, 0);
    if (typeof answer === 'string' || answer.status === 503) {
      await delay(100);
      continue;
    }
    const jobs = fieldOf(answer.body, 'jobs');
    if (!Array.isArray(jobs)) {
      client.journal.strange.push(`GET /jobs was answered with ${answer.status} ${answer.error?.message ?? 'and without jobs'}`);
      return;
    }
    for (const entry of jobs) {
      const job = readJob(entry);
      if (job) client.journal.overhear(job);
    }
    cursor = textOf(fieldOf(answer.body, 'next_cursor')) ?? textOf(fieldOf(answer.body, 'cursor'));
  }
}
