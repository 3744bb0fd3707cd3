import type { Operation } from '@podman-api/operations';
import { openUpload } from '../../request/upload.ts';
import { taskResultOf } from '../../routes/operations/outcome.ts';
import { startTransfer } from '../../routes/operations/start-transfer.ts';
import { receiveOutcome, sendBody } from '../../routes/operations/transfer.ts';
import { streamLines, type WriteLine } from '../line-stream.ts';
import type { DockerRequest } from '../route.ts';
import { checkTask } from '../run-task.ts';

/** An operation whose upload is the body of a request. */
export interface UploadTask<Input extends object, Result extends object> {
  readonly operation: Operation<Input, Result>;
  readonly input: NoInfer<Input>;
  /** Default: the least loaded. */
  readonly node: string | undefined;
  /** Called with each piece of the job's output. */
  readonly onOutput?: (text: string, writeLine: WriteLine) => Promise<void>;
  /** Called with the result of the job. */
  readonly onResult: (result: NoInfer<Result>, writeLine: WriteLine) => Promise<void>;
}

/**
 * Runs an operation with the body of a request, and responds with lines of JSON once all of the body was received. A last line has the
 * error, if there is one.
 * @throws ApiError if the job fails before
 */
export async function runUpload<Input extends object, Result extends object>(
  request: DockerRequest,
  { operation, input, node, onOutput, onResult }: UploadTask<Input, Result>,
): Promise<void> {
  const { ctx, parts } = request;
  const checked = checkTask(request, operation, input);
  if (!operation.upload) throw new Error(`${operation.name} has no upload`);
  parts.streams.add(ctx);
  const upload = openUpload(ctx, operation.upload, parts.config.MAX_UPLOAD);
  const transfer = startTransfer(ctx, parts, operation, {
    input: checked,
    prefer: { respondAsync: false, applied: '' },
    requestedNode: node,
  });
  const sent = sendBody(transfer, upload);
  // The error of a job that fails meanwhile is clearer than that of the broken upload.
  const ending = receiveOutcome(transfer, sent).then(({ id, outcome }) => taskResultOf(operation, id, outcome));
  ending.catch(() => {});
  try {
    await Promise.race([sent.catch(() => ending), ending]);
  } catch (error) {
    transfer.cancel();
    throw error;
  } finally {
    upload.discard();
  }
  streamLines(request, async (writeLine, signal) => {
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    for await (const { chunk } of onOutput ? parts.jobs.output(ctx.state.jobId ?? '', 0, signal) : [])
      if (chunk) await onOutput?.(decoders[chunk.stream].decode(chunk.bytes, { stream: true }), writeLine);
    await onResult(await ending, writeLine);
  });
}
