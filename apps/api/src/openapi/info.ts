import manifest from '../../package.json' with { type: 'json' };
import type { Json } from './schema.ts';

/** What the document says of the API as a whole. */
export const info: Json = {
  title: 'podman-api',
  version: manifest.version,
  summary: 'A REST API over podman, with a job queue behind it.',
  description: `A call becomes a job in a queue; workers on one host or many run it with podman; the call waits for its
job and answers with what was seen to happen.

- A command's exit code is data: one that is not 0 is no error.
- A call that ran out of time (408) hands back the job to read on. Do not send it again unless \`error.job.status\` is \`withdrawn\`.
- An outcome that nobody saw is called \`unknown\`, and nothing is run twice.
- \`Idempotency-Key\` makes a retry safe.
- Unknown fields and query parameters are a 400, and all faults of a request are told at once. What is no route is a 404
  \`NotFoundError\`; a method that a route has not, a 405 \`MethodNotAllowedError\` with \`Allow\`.`,
  license: { name: 'MIT', identifier: 'MIT' },
};

export const tags: readonly Json[] = [
  { name: 'containers', description: 'What is asked of podman. Each call is a job.' },
  { name: 'jobs', description: 'The jobs that calls become: read, waited for, followed and cancelled.' },
  { name: 'service', description: 'The API itself.' },
];
