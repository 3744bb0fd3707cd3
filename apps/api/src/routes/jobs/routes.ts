import Joi from 'joi';
import { basePath } from '../../context.ts';
import { success } from '../../response/shapes.ts';
import type { Route, RouteResponse } from '../route.ts';
import { cancelJob } from './cancel.ts';
import { listJobs, listQuery } from './list.ts';
import { readOutput } from './output.ts';
import { readJob, readJobQuery } from './read.ts';
import { exampleJob, job, jobList } from './shapes.ts';

/** Upper limit of MAX_WAIT: a day. */
const maxWaitSeconds = 86_400;

const oneJob = (description: string, example: object): RouteResponse => ({
  description,
  body: success({ job }),
  example: { job: example },
});

const events = [
  'id: 1\nevent: stdout\ndata: {"text":"hello\\n"}\n\n',
  'id: 2\nevent: exit\ndata: {"status":"succeeded","exit_code":0,"truncated":false}\n\n',
].join('');
const lines = [
  '{"id":1,"event":"stdout","text":"hello\\n"}\n',
  '{"id":2,"event":"exit","status":"succeeded","exit_code":0,"truncated":false}\n',
].join('');

/** Routes of jobs. */
export const jobRoutes: readonly Route[] = [
  {
    name: 'job.list',
    method: 'GET',
    path: `${basePath}/jobs`,
    summary: 'Lists jobs, newest first',
    description: 'The jobs of the same token; with the scope `jobs`, all jobs.',
    query: listQuery,
    responses: {
      200: {
        description: 'A page of jobs.',
        body: success({ jobs: jobList, cursor: Joi.string().allow(null).description('For the next page; null on the last page.') }),
        example: { jobs: [exampleJob], cursor: null },
      },
    },
    handle: listJobs,
  },
  {
    name: 'job.read',
    method: 'GET',
    path: `${basePath}/jobs/:id`,
    summary: 'Returns the status of a job, and its result',
    description: 'With its result or error if it has ended. The response is also 200 if the operation failed.',
    query: readJobQuery(maxWaitSeconds),
    responses: { 200: oneJob('The job.', exampleJob) },
    failures: [404],
    handle: readJob,
  },
  {
    name: 'job.cancel',
    method: 'DELETE',
    path: `${basePath}/jobs/:id`,
    summary: 'Cancels a job',
    description: 'A queued job never runs. The processes of a running job are ended in its container.',
    responses: {
      200: oneJob('The job was cancelled.', {
        ...exampleJob,
        status: 'cancelled',
        finished_at: '2026-01-05T09:30:05.000Z',
        error: { message: 'The job was cancelled.', code: 409, type: 'ConflictError' },
      }),
      202: oneJob('The job is being ended, which takes longer than the wait.', exampleJob),
    },
    failures: [404, 409],
    changes: true,
    handle: cancelJob,
  },
  {
    name: 'job.output',
    method: 'GET',
    path: `${basePath}/jobs/:id/output`,
    summary: 'Streams the output of a job, live or afterwards',
    description: 'Streams the output from its beginning, then the outcome. `Accept` selects the format.',
    headers: { 'Last-Event-ID': 'The `id` of the last received event: the stream continues after it.' },
    responses: {
      200: {
        description: 'Events `stdout`, `stderr` (`{"text"}`), `ping` after ten seconds without output, and a final `exit` or `error`.',
        body: { 'text/event-stream': events, 'application/x-ndjson': lines, 'text/plain': 'hello\n' },
      },
    },
    failures: [404],
    handle: readOutput,
  },
];
