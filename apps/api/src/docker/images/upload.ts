import { PassThrough } from 'node:stream';
import { toApiError } from '@podman-api/errors';
import { onTokenEnd } from '../../request/token-end.ts';
import { openUpload } from '../../request/upload.ts';
import { startTransfer } from '../../routes/operations/start-transfer.ts';
import { receive, sendBody } from '../../routes/operations/transfer.ts';
import { dockerMessage } from '../errors.ts';
import { write } from '../hijack.ts';
import type { DockerRequest } from '../route.ts';
import { checkTask, operationNamed } from '../run-task.ts';

/** Sends a line of JSON to a client. */
type WriteLine = (line: object) => Promise<void>;

/** An operation whose upload is the body of a request. */
export interface UploadTask {
  /** Name of the operation. */
  readonly operation: string;
  readonly input: object;
  /** Default: the least loaded. */
  readonly node: string | undefined;
  /** Called with each piece of the job's output. */
  readonly onOutput?: (text: string, writeLine: WriteLine) => Promise<void>;
  /** Called with the result of the job. */
  readonly onResult: (result: object, writeLine: WriteLine) => Promise<void>;
}

/**
 * Runs an operation with the body of a request, and answers with lines of JSON once all of the body was received. A last line has the
 * error, if there is one.
 * @throws ApiError if the job fails before
 */
export async function runUpload(request: DockerRequest, { operation: name, input, node, onOutput, onResult }: UploadTask): Promise<void> {
  const { ctx, parts } = request;
  const operation = operationNamed(name);
  const checked = checkTask(request, operation, input);
  if (!operation.upload) throw new Error(`${name} has no upload`);
  parts.streams.add(ctx);
  const upload = openUpload(ctx, operation.upload, parts.config.MAX_UPLOAD);
  const transfer = startTransfer(ctx, parts, operation, {
    input: checked,
    prefer: { respondAsync: false, applied: '' },
    requestedNode: node,
  });
  const sent = sendBody(transfer, upload);
  // A job that fails meanwhile says why.
  const ending = receive(operation, transfer, sent);
  ending.catch(() => {});
  try {
    await Promise.race([sent.catch(() => ending), ending]);
  } catch (error) {
    transfer.cancel();
    throw error;
  } finally {
    upload.discard();
  }
  const closed = new AbortController();
  const endChecks = onTokenEnd(ctx, parts.tokens, () => ctx.res.destroy());
  ctx.res.once('close', () => {
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
  const finish = async () => {
    try {
      const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
      for await (const { chunk } of onOutput ? parts.jobs.output(ctx.state.jobId ?? '', 0, signal) : [])
        if (chunk) await onOutput?.(decoders[chunk.stream].decode(chunk.bytes, { stream: true }), writeLine);
      await onResult((await ending) ?? {}, writeLine);
    } catch (error) {
      signal.throwIfAborted();
      const message = dockerMessage(toApiError(error).message);
      await writeLine({ errorDetail: { message }, error: message });
    }
    body.end();
  };
  // The response goes on after this function has returned.
  void finish().catch(() => body.destroy());
}
