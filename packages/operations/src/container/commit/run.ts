import type { Podman } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { localImageName } from '../../policy/new-image.ts';
import { readEntry } from '../lookup/inspect-entry.ts';
import { readStatus } from '../lookup/read-status.ts';
import { jobLabel, ttlLabel } from '../service-labels.ts';
import { shortId } from '../short-id.ts';
import type { CommitInput } from './input.ts';

/** An image that was made, as in the response. */
export interface CommittedImage {
  readonly id: string;
  readonly reference: string;
}

/** Podman may finish within the time that the driver allows: one that is ended may leave the container paused. */
const letFinish = () => Promise.resolve();
/** Limit for continuing a container after a commit that was ended. */
const unpauseTimeoutMs = 30_000;

/** Variables that podman sets itself; their values are no secrets. */
const openVariables: ReadonlySet<string> = new Set(['PATH', 'TERM', 'HOME', 'HOSTNAME', 'container']);

/**
 * Makes an image of a container. The values of the container's variables are left out: they are secrets, and an image shows them
 * to everybody.
 * @throws ApiError made of podman's error message; the container is not left paused
 */
export async function commitContainer(podman: Podman, input: CommitInput, { signal }: TaskContext): Promise<CommittedImage> {
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
    // The image is no work of the job that created the container, and does not expire with it.
    ...[jobLabel, ttlLabel].map(label => `--change=LABEL ${label}=`),
    ...['--', entry.Id, reference],
  ];
  try {
    const id = (await podman.run(args, { signal, stop: letFinish })).trim();
    return { id: shortId(id), reference };
  } catch (error) {
    if (entry.State.Status === 'running') await continueIfPaused(podman, entry.Id);
    throw error;
  }
}

async function readImageVariables(podman: Podman, imageId: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const json = await podman.run(['image', 'inspect', '--format={{json .Config.Env}}', '--', imageId], { signal });
  const variables: readonly string[] | null = JSON.parse(json);
  return new Set(variables ?? []);
}

async function continueIfPaused(podman: Podman, id: string): Promise<void> {
  const signal = AbortSignal.timeout(unpauseTimeoutMs);
  const status = await readStatus(podman, id, signal).catch(() => undefined);
  if (status === 'paused') await podman.run(['unpause', '--', id], { signal });
}
