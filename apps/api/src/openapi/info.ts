import manifest from '../../package.json' with { type: 'json' };
import type { JsonObject } from './schema.ts';

/** Description of the API as a whole. */
export const info: JsonObject = {
  title: 'podman-api',
  version: manifest.version,
  summary: 'A REST API over podman, with a job queue behind it.',
  description: `Each request becomes a job in a queue. Workers on one or more hosts run the job with podman. The request
waits for its job and returns the observed outcome.

- A command's exit code is data: a non-zero exit code is not an error.
- A request whose wait ends before the job (408) returns the job, which can be read later. Do not send it again unless \`error.job.status\` is \`withdrawn\`.
- An outcome that was not observed is called \`unknown\`. Nothing runs twice.
- \`Idempotency-Key\` makes a retry safe.
- Unknown fields and query parameters are a 400, which lists all errors of the request. An unknown route is a 404
  \`NotFoundError\`; a method that the route does not have is a 405 \`MethodNotAllowedError\` with \`Allow\`.`,
  license: { name: 'MIT', identifier: 'MIT' },
};

/** The groups of routes in the document. */
export const tags: readonly JsonObject[] = [
  { name: 'containers', description: 'Operations on containers. Each request is a job.' },
  { name: 'runs', description: 'Commands that each run in a new container, which is removed afterwards. Each run is a job.' },
  { name: 'jobs', description: 'Jobs of requests: read, wait for, follow and cancel them.' },
  { name: 'service', description: 'The API itself.' },
];
