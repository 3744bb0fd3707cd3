import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import { podmanProcessEnv, removeTempFiles } from '../../container/job-processes.ts';
import type { TaskContext } from '../../operation.ts';
import { type ImageEntry, inspectImage } from '../lookup/inspect-image.ts';
import { progressSink } from '../progress.ts';
import { authFile, type Credentials } from '../reference.ts';
import { createKeyedMutex } from './keyed-mutex.ts';

interface PullRequest {
  readonly reference: string;
  readonly pull_policy?: 'always' | 'missing';
  readonly credentials?: Credentials;
  /** Default: that of the node. */
  readonly platform?: string | undefined;
}

/** Podman downloads the same layer twice if two pulls need it at the same time. */
const pulls = createKeyedMutex();

/**
 * Pulls an image, unless it is there and only a missing one is wanted. The login of the caller is used, never that
 * of another pull of the same image.
 * @param tempFolderFor name of the folder for podman's temporary files, which is removed afterwards; default: the id of the job
 */
export async function pullImage(
  podman: Podman,
  input: PullRequest,
  context: TaskContext,
  tempFolderFor = context.job,
): Promise<ImageEntry> {
  const { reference, pull_policy: pullPolicy = 'always', credentials, platform } = input;
  const { signal, output } = context;
  const onWait = () => output('stderr', Buffer.from(`Waiting for another pull of ${reference} on this node\n`));
  return pulls.runExclusive(reference, signal, onWait, async () => {
    const present = pullPolicy === 'missing' ? await findImage(podman, reference, signal) : undefined;
    if (present) return present;
    const { args, options } = authFile(reference, credentials);
    const stdout = await podman.run(['pull', ...args, ...(platform === undefined ? [] : [`--platform=${platform}`]), '--', reference], {
      ...options,
      signal,
      env: podmanProcessEnv(context),
      onStderr: progressSink(output),
      tempFolderFor,
    });
    const [id = reference] = /\b[0-9a-f]{64}\b/.exec(stdout) ?? [];
    return inspectImage(podman, id, signal);
  });
}

async function findImage(podman: Podman, reference: string, signal: AbortSignal): Promise<ImageEntry | undefined> {
  try {
    return await inspectImage(podman, reference, signal);
  } catch (error) {
    if (error instanceof ApiError && error.type === 'NotFoundError') return undefined;
    throw error;
  }
}

/** Removes the leftovers of a pull whose worker died. @returns the error for its caller: a new pull has the same effect */
export async function recoverPull(podman: Podman, _input: PullRequest, context: TaskContext): Promise<ApiError> {
  await removeTempFiles(podman, context);
  return new ApiError('ServiceUnavailableError', 'The worker ended during the pull: send the request again.');
}
