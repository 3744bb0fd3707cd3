import { PassThrough } from 'node:stream';
import { toApiError } from '@podman-api/errors';
import { onResponseEnd } from '../request/response-end.ts';
import { onTokenEnd } from '../request/token-end.ts';
import { dockerMessage } from './errors.ts';
import { write } from './hijack.ts';
import type { DockerRequest } from './route.ts';

/** Sends a line of JSON to a client. */
export type WriteLine = (line: object) => Promise<void>;

/**
 * Responds with lines of JSON, which `writeLines` sends after this function has returned. If it throws, a last line has the error. The
 * connection is cut when the token of the client is revoked.
 * @param writeLines its signal is aborted when the client has disconnected, or this process stops
 */
export function streamLines({ ctx, parts }: DockerRequest, writeLines: (writeLine: WriteLine, signal: AbortSignal) => Promise<void>): void {
  const closed = new AbortController();
  const endChecks = onTokenEnd(ctx, parts.tokens, () => ctx.res.destroy());
  onResponseEnd(ctx, () => {
    endChecks();
    closed.abort('gone');
  });
  const signal = AbortSignal.any([closed.signal, parts.stopping]);
  const body = new PassThrough();
  ctx.status = 200;
  ctx.body = body;
  // Docker's command line reads the lines only if the type has no charset.
  ctx.set('Content-Type', 'application/json');
  const writeLine: WriteLine = line => write(body, `${JSON.stringify(line)}\r\n`, signal);
  const send = async () => {
    try {
      await writeLines(writeLine, signal);
    } catch (error) {
      const message = dockerMessage(toApiError(error).message);
      await writeLine({ errorDetail: { message }, error: message });
    }
    body.end();
  };
  void send().catch(() => body.destroy());
}
