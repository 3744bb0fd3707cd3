import { ApiError } from '@podman-api/errors';
import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { localImageName } from '../../policy/new-image.ts';
import { shortId } from '../../short-id.ts';
import { podmanProcessEnv, waitForPodman } from '../job-processes.ts';
import { readEntry } from '../lookup/inspect-entry.ts';
import { readStatus } from '../lookup/read-status.ts';
import { jobLabel, ttlLabel } from '../service-labels.ts';
import type { CommitInput } from './input.ts';

/** The new image, as in the response. */
export interface CommittedImage {
  readonly id: string;
  readonly reference: string;
}

/** Podman may finish within the time that the driver allows: one that is ended may leave the container paused. Its image then counts. */
const letFinishAndKeep = () => Promise.resolve(false);
/** Time limit for continuing a container after a commit that was ended. */
const unpauseTimeoutMs = 30_000;

/** Variables that podman sets itself; their values are not secrets. */
const openVariables: ReadonlySet<string> = new Set(['PATH', 'TERM', 'HOME', 'HOSTNAME', 'container']);

/**
 * Creates an image from a container. The values of the container's variables are left out, because they may be secrets and
 * every user of an image can read them.
 * @throws ApiError with podman's error message; the container is not left paused
 */
export async function commitContainer(podman: Podman, input: CommitInput, context: TaskContext): Promise<CommittedImage> {
  const { job, signal, commitPauses } = context;
  const { reference: given, message, author, changes = [], pause = true } = input;
  const reference = localImageName(given);
  const entry = await readEntry(podman, input.name, signal);
  const imageVariables = await readImageVariables(podman, entry.Image, signal);
  const added = (entry.Config.Env ?? []).filter(variable => !imageVariables.has(variable)).map(variable => variable.split('=')[0] ?? '');
  const secret = added.filter(name => !openVariables.has(name) && /^[A-Za-z_][\w.-]*$/.test(name));
  const args = [
    ...['commit', '--quiet', `--pause=${pause}`],
    // Only this format has a message.
    '--format=docker',
    ...(message === undefined ? [] : [`--message=${message}`]),
    ...(author === undefined ? [] : [`--author=${author}`]),
    ...changes.map(change => `--change=${change}`),
    ...secret.map(name => `--change=ENV ${name}=`),
    // Labels of the container's job and ttl do not apply to the image.
    ...[jobLabel, ttlLabel].map(label => `--change=LABEL ${label}=`),
    ...['--', entry.Id, reference],
  ];
  try {
    // Not for a container that a caller has paused: if this worker died, the next one would unpause it.
    if (pause && entry.State.Status === 'running') await recordPause(podman, entry.Id, context);
    const id = (await podman.run(args, { signal, stop: letFinishAndKeep, env: podmanProcessEnv(context) })).trim();
    return { id: shortId(id), reference };
  } catch (error) {
    if (commitPauses.find(job) !== undefined) await continueIfPaused(podman, entry.Id).catch(() => {});
    throw error;
  } finally {
    commitPauses.end(job);
  }
}

/** Records that podman will pause a container, unless it is paused or does not run: podman then leaves it as it is. */
async function recordPause(podman: Podman, id: string, { job, signal, commitPauses }: TaskContext): Promise<void> {
  commitPauses.begin(id, job);
  // Read after the record was stored: a caller that pauses the container from now on withdraws it.
  if ((await readStatus(podman, id, signal)) !== 'running') commitPauses.end(job);
}

/**
 * Continues the container of a commit whose worker died, if the commit has paused it and no caller has since.
 * @returns `undefined`: whether there is an image is not known
 */
export async function continueAfterCommit(podman: Podman, _input: CommitInput, context: TaskContext): Promise<undefined> {
  const { job, commitPauses } = context;
  // A podman that outlived the worker continues the container itself.
  await waitForPodman(podman, context);
  const id = commitPauses.find(job);
  if (id === undefined) return;
  await continueIfPaused(podman, id, () => commitPauses.find(job) !== undefined);
  commitPauses.end(job);
}

async function readImageVariables(podman: Podman, imageId: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const json = await podman.run(['image', 'inspect', '--format={{json .Config.Env}}', '--', imageId], { signal });
  const variables: readonly string[] | null = JSON.parse(json);
  return new Set(variables ?? []);
}

/** @throws ApiError if podman fails, but not if the container is gone */
async function continueIfPaused(podman: Podman, id: string, isStillOurs: () => boolean = () => true): Promise<void> {
  const signal = AbortSignal.timeout(unpauseTimeoutMs);
  try {
    const status = await readStatus(podman, id, signal);
    if (status === 'paused' && isStillOurs()) await podman.run(['unpause', '--', id], { signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.type !== 'NotFoundError') throw error;
  }
}
