import { setTimeout as delay } from 'node:timers/promises';
import { fieldOf, textOf } from '@podman-api/testing/field';
import { parseJobReport } from './http/job.ts';
import type { KnownJob } from './journal.ts';
import type { RecordingClient } from './load/recording-client.ts';

/** Time limit for all jobs to end after the last fault. */
const timeoutMs = 60_000;
/** Number of concurrent reads. */
const maxConcurrentReads = 8;

/**
 * Adds the jobs that no response named, then reads every job until it has ended, alternating between both API
 * processes. Jobs that have not ended after a minute stay open in the journal.
 */
export async function awaitAllJobs(client: RecordingClient): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  await recordAllJobs(client, deadlineMs);
  // Each is read once more, even if its end is known: it must still be there.
  await readAll(client, [...client.journal.jobs.values()]);
  while (client.journal.openJobs.length > 0 && Date.now() < deadlineMs) {
    await readAll(client, client.journal.openJobs, 2);
    await delay(100);
  }
}

async function readAll(client: RecordingClient, jobs: readonly KnownJob[], wait?: number): Promise<void> {
  const remaining = jobs.entries();
  const readNext = async () => {
    for (const [index, job] of remaining) await client.read(job, index, wait);
  };
  await Promise.all(Array.from({ length: maxConcurrentReads }, readNext));
}

/** Pages through all jobs, and adds them to the journal. */
async function recordAllJobs(client: RecordingClient, deadlineMs: number): Promise<void> {
  for (let cursor: string | undefined = ''; cursor !== undefined && Date.now() < deadlineMs; ) {
    const response = await client.get(`/jobs?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`, 0);
    if (typeof response === 'string' || response.status === 503) {
      await delay(100);
      continue;
    }
    const jobs = fieldOf(response.body, 'jobs');
    if (!Array.isArray(jobs)) {
      client.journal.unexpected.push(`GET /jobs was answered with ${response.status} ${response.error?.message ?? 'and without jobs'}`);
      return;
    }
    for (const entry of jobs) {
      const job = parseJobReport(entry);
      if (job) client.journal.addJob(job);
    }
    cursor = textOf(fieldOf(response.body, 'cursor'));
  }
}
