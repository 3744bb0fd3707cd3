import { ApiError, type ErrorType } from '@podman-api/errors';
import type {
  ContainerFile,
  FileFailure,
  FileOptions,
  FileSource,
  FileType,
  HelperAnswer,
  HelperRequest,
  Podman,
} from '@podman-api/podman';
import type { ByteChannel } from '@podman-api/runtime';
import Joi, { type StringSchema } from 'joi';
import type { TaskContext } from '../../operation.ts';
import { forbiddenError } from '../../policy/enforce-policy.ts';
import { anyText, count, instant, shape } from '../../schemas/shape.ts';
import { containerPath } from '../../schemas/text.ts';
import { failedFor } from '../failed-for.ts';
import { podmanProcessEnv, waitForPodman } from '../job-processes.ts';
import { type InspectEntry, readEntry } from '../lookup/inspect-entry.ts';
import { findMountsToVerify } from '../mounts/mounts-to-verify.ts';

const types: readonly FileType[] = ['file', 'directory', 'symlink', 'pipe', 'socket', 'block_device', 'character_device'];

/** Returns the schema of a path in a container in a request. */
export const filePath = (): StringSchema => containerPath().description('An absolute path in the container, without `..`.');

/** Schema of a file in a response. */
export const fileShape = shape<ContainerFile>('ContainerFile', {
  path: Joi.string().description(
    'Without symbolic links. U+FFFD stands for bytes that are not UTF-8, also in `name` and `symlink_target`.',
  ),
  name: Joi.string(),
  type: Joi.valid(...types),
  size: count().description('Bytes.'),
  mode: Joi.string().pattern(/^[0-7]{4}$/),
  owner: anyText().allow(null).description('`null` if the container has no name for the uid.'),
  group: anyText().allow(null),
  uid: count(),
  gid: count(),
  modified_at: instant(),
  symlink_target: anyText().allow(null).description('`null` unless it is a symbolic link.'),
});

/** A file for the examples of the OpenAPI document. */
export const exampleFile: ContainerFile = {
  path: '/srv/index.html',
  name: 'index.html',
  type: 'file',
  size: 15,
  mode: '0644',
  owner: 'root',
  group: 'root',
  uid: 0,
  gid: 0,
  modified_at: '2026-01-05T09:30:00.000Z',
  symlink_target: null,
};

/** A container whose files are read or changed. */
export interface LocatedFiles {
  readonly entry: InspectEntry;
  readonly source: FileSource;
}

/** Finds the files of a container: those that its process sees, or its file system and volumes while it does not run. */
export async function locateFiles(podman: Podman, name: string, { policy, signal }: TaskContext): Promise<LocatedFiles> {
  const entry = await readEntry(podman, name, signal);
  const { Id: container, State } = entry;
  if (State.Pid > 0) return { entry, source: { kind: 'process', pid: State.Pid, container } };
  const unverified = await findMountsToVerify(entry, policy);
  const mounts = (entry.Mounts ?? []).map(mount => ({
    target: mount.Destination,
    // Below a folder of ALLOWED_MOUNTS, a container could have replaced the path by a link to elsewhere on the host.
    source: unverified.includes(mount) || mount.Type === 'tmpfs' ? undefined : mount.Source,
  }));
  return { entry, source: { kind: 'stopped', container, mounts } };
}

/**
 * Runs a request for files of a container.
 * @param field the field of the request that names the path
 * @throws ApiError that names the field
 */
export async function runFileRequest(
  podman: Podman,
  source: FileSource,
  request: HelperRequest,
  context: TaskContext,
  field: string,
  options: Omit<FileOptions, 'signal' | 'env'> = {},
): Promise<Extract<HelperAnswer, { failure?: never }>> {
  const answer = await podman.files(source, request, { ...options, signal: context.signal, env: podmanProcessEnv(context) });
  if (answer.failure === undefined) return answer;
  throw createFailure(answer.failure, answer.detail, field);
}

/**
 * Waits until the helper of a job whose worker died has ended, so that it changes nothing later. Returns `undefined`: the outcome is
 * unknown.
 */
export async function awaitFileHelper(podman: Podman, context: TaskContext): Promise<undefined> {
  await waitForPodman(podman, context);
}

/**
 * Does the same as `awaitFileHelper`, and then removes what the helper has left in the container. If the container was removed
 * meanwhile, nothing is left.
 * @param discard removes the draft
 * @throws ApiError if podman fails
 */
export async function awaitFileHelperAndDiscard(
  podman: Podman,
  name: string,
  context: TaskContext,
  discard: (source: FileSource) => Promise<void>,
): Promise<undefined> {
  await waitForPodman(podman, context);
  const located = await locateFiles(podman, name, context).catch((error: unknown) => {
    if (!failedFor('no-container', error)) throw error;
    return undefined;
  });
  if (located) await discard(located.source);
}

/** Returns the name of a job's draft: the file or folder that it writes to, and renames when it is complete. */
export function draftOf({ job }: TaskContext): string {
  return `.podman-api-${job.slice(-28)}`;
}

/** Reads the bytes of a channel up to its end. */
export async function* readContent(channel: ByteChannel): AsyncGenerator<Uint8Array> {
  for (let frame = await channel.read(); frame; frame = await channel.read()) if (frame.bytes) yield frame.bytes;
}

/** Returns the file that the helper's answer describes. @throws Error if it describes none */
export function fileOf(answer: HelperAnswer): ContainerFile {
  if (!('file' in answer)) throw new Error('the helper answered without a file');
  return answer.file;
}

/** Type of the error for each failure, and the end of its message, which follows the path. */
const failures: Readonly<Record<FileFailure, readonly [ErrorType, string]>> = {
  'not-found': ['NotFoundError', 'does not exist in the container: check the path.'],
  directory: ['ConflictError', 'is a directory: name a file, or use the archive of the directory.'],
  'not-directory': ['ConflictError', 'is not a directory: name one.'],
  'not-regular': ['ConflictError', 'is a device, pipe or socket: name a regular file.'],
  'untrusted-link': ['ConflictError', 'is reached by a symbolic link whose owner may not write to its target: name the target instead.'],
  loop: ['ConflictError', 'leads through too many symbolic links: name the target instead.'],
  kernel: ['ConflictError', 'is in a file system of the kernel, such as /proc: name a path elsewhere.'],
  mounted: ['ConflictError', 'is a mount or contains one: it can only be changed by a command in the container.'],
  'must-run': ['ForbiddenError', 'is mounted from below one of ALLOWED_MOUNTS, or in memory: start the container first.'],
  exists: ['ConflictError', 'exists already: name another path, or remove it first.'],
  'not-empty': ['ConflictError', 'is a directory that is not empty: use recursive=true to remove it with its content.'],
  'other-file-system': ['ConflictError', 'is in another file system than the new path: copy it and remove the old one.'],
  'other-type': [
    'ConflictError',
    'is a directory in the container and another type of file in the archive, or the reverse: remove it first.',
  ],
  archive: ['ValidationError', ''],
  range: ['RangeError', 'ends before the requested range.'],
  owner: ['ValidationError', 'is not a user or group of the container: use ids, or add the user first.'],
  'read-only': ['ConflictError', 'is in a read-only file system: use a path in a volume.'],
  'no-space': ['ConflictError', 'is in a full file system: remove files in the container, or on the node.'],
  gone: ['ConflictError', 'could not be reached because the container has just stopped or started: send the request again.'],
  failed: ['PodmanAPIError', ''],
};

function createFailure(failure: FileFailure, detail: string, path: string): ApiError {
  const [type, rest] = failures[failure];
  if (failure === 'failed') return new ApiError(type, `The request for files failed: ${detail}.`);
  if (failure === 'archive') {
    const message = `The archive was refused, and nothing was unpacked: ${detail}.`;
    return new ApiError(type, message, { details: [{ path: 'body', message }] });
  }
  if (failure === 'gone') return new ApiError(type, `The files ${rest}`);
  if (failure === 'range')
    return new ApiError(type, `The requested range is outside the file, which has ${detail} bytes: request another range.`);
  const field = failure === 'owner' ? 'owner' : path;
  const message = `${field}: ${detail} ${rest}`;
  if (failure === 'must-run') return forbiddenError([{ path: field, message: message.replace(/\.$/, '') }]);
  return new ApiError(type, message, { details: [{ path: field, message }] });
}
