import { fieldOf, textOf } from '@podman-api/testing/field';
import { type JobReport, readJob } from './job.ts';

/** What an API process answered, as far as the harness judges it. */
export interface Answer {
  readonly status: number;
  /** The job that the answer is about. */
  readonly job?: JobReport;
  /** Of a failure. */
  readonly error?: { readonly type: string; readonly message: string };
  readonly body: unknown;
}

/** Reads an answer: the job in it stands in `job`, in `error.job`, or is told by `job_id` and the answer itself. */
export function answerOf(status: number, text: string): Answer {
  const body = parse(text);
  const type = textOf(fieldOf(body, 'error.type'));
  const message = textOf(fieldOf(body, 'error.message'));
  const job = jobIn(status, body);
  return { status, body, ...(job && { job }), ...(type !== undefined && { error: { type, message: message ?? '' } }) };
}

function jobIn(status: number, body: unknown): JobReport | undefined {
  const told = readJob(fieldOf(body, 'job') ?? fieldOf(body, 'error.job'));
  if (told) return told;
  const id = textOf(fieldOf(body, 'job_id'));
  if (id === undefined) return undefined;
  const result = fieldOf(body, 'execution') ?? fieldOf(body, 'container');
  return { id, ...(status < 300 && { status: 'succeeded', result }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
