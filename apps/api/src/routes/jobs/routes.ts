import Joi from 'joi';
import { success } from '../../answer/shapes.ts';
import { basePath } from '../../context.ts';
import type { Route, RouteAnswer } from '../route.ts';
import { cancelJob } from './cancel.ts';
import { listJobs, listQuery } from './list.ts';
import { readOutput } from './output.ts';
import { readJob, readJobQuery } from './read.ts';
import { exampleJob, job, jobList } from './shapes.ts';

/** A day, in seconds: what MAX_WAIT may be at most. */
const day = 86_400;

const oneJob = (description: string, example: object): RouteAnswer => ({ description, body: success({ job }), example: { job: example } });

const events = [
  'id: 1\nevent: stdout\ndata: {"text":"hello\\n"}\n\n',
  'id: 2\nevent: exit\ndata: {"status":"succeeded","exit_code":0,"truncated":false}\n\n',
].join('');
const lines = [
  '{"id":1,"event":"stdout","text":"hello\\n"}\n',
  '{"id":2,"event":"exit","status":"succeeded","exit_code":0,"truncated":false}\n',
].join('');

/** What can be done with jobs. */
export const jobRoutes: readonly Route[] = [
  {
    name: 'job.list',
    method: 'GET',
    path: `${basePath}/jobs`,
    summary: 'Lists jobs, the newest first',
    description: 'Those that were asked for with the same token; all of them with the scope `jobs`.',
    query: listQuery,
    answers: {
      200: {
        description: 'A page of jobs.',
        body: success({ jobs: jobList, cursor: Joi.string().allow(null).description('For the next page; null where this is the last.') }),
        example: { jobs: [exampleJob], cursor: null },
      },
    },
    handle: listJobs,
  },
  {
    name: 'job.read',
    method: 'GET',
    path: `${basePath}/jobs/:id`,
    summary: 'How a job stands, and its result',
    description: 'Where it has ended, with its result or error. A job of a failed operation is a 200, too.',
    query: readJobQuery(day),
    answers: { 200: oneJob('The job.', exampleJob) },
    failures: [404],
    handle: readJob,
  },
  {
    name: 'job.cancel',
    method: 'DELETE',
    path: `${basePath}/jobs/:id`,
    summary: 'Cancels a job',
    description: 'A queued one never runs, a running one is ended in its container too.',
    answers: {
      200: oneJob('It is cancelled.', {
        ...exampleJob,
        status: 'cancelled',
        finished_at: '2026-01-05T09:30:05.000Z',
        error: { message: 'The job was cancelled.', code: 409, type: 'ConflictError' },
      }),
      202: oneJob('It is being ended, which takes longer than the wait.', exampleJob),
    },
    failures: [404, 409],
    changes: true,
    handle: cancelJob,
  },
  {
    name: 'job.output',
    method: 'GET',
    path: `${basePath}/jobs/:id/output`,
    summary: 'What the command of a job writes, live and after',
    description: 'From the beginning, and how it ended. `Accept` chooses the form.',
    headers: { 'Last-Event-ID': 'The `id` of the last event that was read: the stream goes on after it.' },
    answers: {
      200: {
        description: 'Events `stdout`, `stderr` (`{"text"}`), `ping` after ten quiet seconds, and one last `exit` or `error`.',
        body: { 'text/event-stream': events, 'application/x-ndjson': lines, 'text/plain': 'hello\n' },
      },
    },
    failures: [404],
    handle: readOutput,
  },
];
