import { fieldOf, textOf } from '@podman-api/testing/field';
import { type JobReport, parseJobReport } from './job.ts';

/** The fields of an API process's response that the harness checks. */
export interface CheckedResponse {
  readonly status: number;
  /** The job that the response is about. */
  readonly job?: JobReport;
  /** Of a failure. */
  readonly error?: { readonly type: string; readonly message: string };
  readonly body: unknown;
}

/** Parses a response. Its job is in `job`, in `error.job`, or given by `job_id` and the response itself. */
export function parseResponse(status: number, text: string): CheckedResponse {
  const body = parse(text);
  const type = textOf(fieldOf(body, 'error.type'));
  const message = textOf(fieldOf(body, 'error.message'));
  const job = jobIn(status, body);
  return { status, body, ...(job && { job }), ...(type !== undefined && { error: { type, message: message ?? '' } }) };
}

/** Fields that hold the result of an operation. */
const resultNouns = ['execution', 'run', 'container', 'file', 'image'] as const;

function jobIn(status: number, body: unknown): JobReport | undefined {
  const response = parseJobReport(fieldOf(body, 'job') ?? fieldOf(body, 'error.job'));
  if (response) return response;
  const id = textOf(fieldOf(body, 'job_id'));
  if (id === undefined) return undefined;
  const result = resultNouns.map(noun => fieldOf(body, noun)).find(value => value !== undefined);
  return { id, ...(status < 300 && { status: 'succeeded', result }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
