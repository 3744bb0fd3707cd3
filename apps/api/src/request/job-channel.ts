import { ApiError } from '@podman-api/errors';
import type { Jobs, OpenedChannel } from '@podman-api/jobs';

/** Time for the outcome of a job after its channel has ended or was broken. */
export const outcomeTimeoutMs = 5000;

/** A channel that a worker has joined. */
export interface JoinedChannel {
  /** Id of its job. */
  readonly id: string;
  readonly channel: OpenedChannel;
}

/** The channel of a call's job. If the job is submitted again, such as to another node, the next job's channel replaces it. */
export interface JobChannel {
  /** Resolves when a worker has joined the channel. Rejects with the error of `fail`. */
  readonly joined: Promise<JoinedChannel>;
  /**
   * Opens the channel of a job, before the job is submitted, and closes that of the job before it.
   * @throws ApiError (503) while Redis is unavailable
   */
  open(id: string): Promise<void>;
  /** Rejects `joined` if no worker has joined the channel yet. */
  fail(reason: unknown): void;
  /** Closes the channel that is open, if any. @throws ApiError (503) while Redis is unavailable */
  close(): Promise<void>;
}

/** Creates the channel of a call whose job passes on bytes. Its creator closes it. */
export function createJobChannel(jobs: Pick<Jobs, 'openChannel'>): JobChannel {
  const joined = Promise.withResolvers<JoinedChannel>();
  joined.promise.catch(() => {});
  let current: OpenedChannel | undefined;
  let isClosed = false;
  return {
    joined: joined.promise,
    async open(id) {
      await current?.close();
      const channel = await jobs.openChannel(id);
      current = channel;
      // If it was closed while it opened, its creator is gone.
      if (isClosed) return channel.close();
      channel.connected.then(
        () => joined.resolve({ id, channel }),
        () => {},
      );
    },
    fail: joined.reject,
    async close() {
      isClosed = true;
      await current?.close();
    },
  };
}

/** Whether an error means that a channel was interrupted, so that the outcome of the job has the reason. */
export function isChannelError(error: unknown): boolean {
  return error instanceof ApiError && error.type === 'ServiceUnavailableError';
}
