import { writeFileSync } from 'node:fs';
import { bootedAtMs, clockTime } from '../clock.ts';
import type { Evidence } from '../verdict/verdict.ts';

/** Writes the responses and the observed state, one intent per line, for debugging. */
export function writeJournal(file: string, { journal, observed, faults }: Evidence): void {
  const lines = journal.intents.map(({ id, work, startedAtMs, responses, jobs }) => ({
    id,
    work,
    started: clockTime(startedAtMs),
    responses: responses.map(({ receivedAtMs, request, api, outcome }) => ({
      at: clockTime(receivedAtMs),
      request,
      api,
      ...(typeof outcome === 'string' ? { outcome } : { status: outcome.status, error: outcome.error, job: outcome.job }),
    })),
    jobs: jobs.map(({ id: job, isGone, view }) => ({ job, isGone, view })),
    marks: (observed.marks.get(id) ?? []).map(({ what, atMs }) => `${what} ${clockTime(atMs)}`),
    container: 'container' in work ? observed.containers.get(work.container)?.state : undefined,
  }));
  const faultEntries = faults.map(({ text, startedAtMs, endedAtMs }) => ({
    at: clockTime(startedAtMs),
    end: endedAtMs && clockTime(endedAtMs),
    text,
  }));
  const all = [{ booted: new Date(bootedAtMs).toISOString() }, ...faultEntries, ...lines];
  writeFileSync(file, all.map(line => `${JSON.stringify(line)}\n`).join(''));
}
