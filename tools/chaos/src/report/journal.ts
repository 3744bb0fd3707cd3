import { writeFileSync } from 'node:fs';
import { bootedAt, clockTime } from '../clock.ts';
import type { Evidence } from '../verdict/verdict.ts';

/** Writes the responses and the observed state, one intent per line, for debugging. */
export function writeJournal(file: string, { journal, observed, faults }: Evidence): void {
  const lines = journal.intents.map(({ id, work, startedAt, responses, jobs }) => ({
    id,
    work,
    started: clockTime(startedAt),
    responses: responses.map(({ at, request, api, outcome }) => ({
      at: clockTime(at),
      request,
      api,
      ...(typeof outcome === 'string' ? { outcome } : { status: outcome.status, error: outcome.error, job: outcome.job }),
    })),
    jobs: jobs.map(({ id: job, gone, view }) => ({ job, gone, view })),
    marks: (observed.marks.get(id) ?? []).map(({ what, at }) => `${what} ${clockTime(at)}`),
    container: 'container' in work ? observed.containers.get(work.container)?.state : undefined,
  }));
  const happened = faults.map(({ text, at, end }) => ({ at: clockTime(at), end: end && clockTime(end), text }));
  const all = [{ booted: new Date(bootedAt).toISOString() }, ...happened, ...lines];
  writeFileSync(file, all.map(line => `${JSON.stringify(line)}\n`).join(''));
}
