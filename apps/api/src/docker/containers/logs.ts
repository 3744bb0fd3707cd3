import { ApiError } from '@podman-api/errors';
import { type DockerLogsInput, dockerLogs } from '@podman-api/operations';
import { openRawStream } from '../hijack.ts';
import { type DockerRequest, type DockerRoute, param, queryFlag, queryText } from '../route.ts';
import { readReady, serveStreamingJob, startStreamingJob } from '../streaming-job.ts';

/** Streams the log of a container: to its current end, or with `follow` until the container has ended. */
export const readLogs: DockerRoute = {
  method: 'GET',
  path: '/containers/:id/logs',
  async handle(request) {
    request.parts.streams.add(request.ctx);
    const job = await startStreamingJob(request, dockerLogs, readQuery(request));
    const { isTerminal } = await readReady(job);
    // The response continues after this function has returned.
    void serveStreamingJob(request, job, openRawStream(request, isTerminal), { isTerminal, hasStdin: false });
  },
};

function readQuery(request: DockerRequest): DockerLogsInput {
  const streams = (['stdout', 'stderr'] as const).filter(name => queryFlag(request, name));
  if (streams.length === 0) {
    throw new ApiError('ValidationError', 'you must choose at least one stream: add stdout=true or stderr=true.');
  }
  const tail = queryText(request, 'tail') ?? 'all';
  const [since, until] = [readTime(request, 'since'), readTime(request, 'until')];
  return {
    name: param(request, 'id'),
    streams,
    timestamps: queryFlag(request, 'timestamps'),
    follow: queryFlag(request, 'follow'),
    // Docker takes everything else for `all`.
    ...(/^\d{1,9}$/.test(tail) && { tail: Number(tail) }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

/** Returns a time as it is written; `undefined` if it is missing or 0, which means no limit. */
function readTime(request: DockerRequest, name: string): string | undefined {
  const time = queryText(request, name);
  return time === '0' ? undefined : time;
}
