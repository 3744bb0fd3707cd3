import { createHash } from 'node:crypto';
import { bootedAtMs } from '../clock.ts';
import type { Request } from '../http/send.ts';

/** An operation that a caller requests. */
export type Work = Exec | Create | Remove | RunWork | UploadWork | WaitWork | Pull;

/** A command that leaves marks in a file. */
export interface MarkingCommand {
  /** `daemon` leaves a process in a separate session behind if it is not ended. */
  readonly behavior: 'plain' | 'ignores-sigterm' | 'daemon';
  readonly durationSeconds: number;
  /** Time limit of the command; `undefined` for the default. */
  readonly timeoutSeconds?: number;
}

export interface Exec extends MarkingCommand {
  readonly kind: 'exec';
  /** The container that has the file of marks. */
  readonly container: string;
}

/** A command in a new container, which has the file of marks in a volume. */
export interface RunWork extends MarkingCommand {
  readonly kind: 'run';
  readonly volume: string;
}

export interface Create {
  readonly kind: 'create';
  readonly container: string;
  /** The pool that it is taken from; `undefined` for a create without one. */
  readonly pool?: string;
}

export interface Remove {
  readonly kind: 'remove';
  readonly container: string;
}

/** A file that is uploaded to a container; its content depends on the id of the intent. */
export interface UploadWork {
  readonly kind: 'upload';
  readonly container: string;
  readonly sizeBytes: number;
}

/** A wait for a container that runs all the time. */
export interface WaitWork {
  readonly kind: 'wait';
  readonly container: string;
  readonly condition: 'running' | 'stopped';
}

export interface Pull {
  readonly kind: 'pull';
  readonly reference: string;
}

/** Path of the file of marks of a container. */
export const marksPath = '/marks';
/** Path of the volume that has the file of marks of all runs. */
export const runsPath = '/runs';
/** Folder of uploaded files. */
export const uploadsPath = '/uploads';

/**
 * Returns a command that appends its id to the file of marks when it begins and when it ends, with the host's uptime, and prints
 * the id last. It appends each line with one write, so that lines of others do not get between.
 */
function commandOf(id: string, { behavior, durationSeconds }: MarkingCommand, marksFile: string): string {
  const lines = [
    `mark() { read -r uptime rest </proc/uptime; echo "${id} $1 $uptime" >>${marksFile}; }`,
    'mark begin',
    ...(behavior === 'ignores-sigterm' ? ["trap '' TERM"] : []),
    ...(behavior === 'daemon' ? [`setsid sleep ${durationSeconds} >/dev/null 2>&1 &`] : []),
    ...(durationSeconds > 0 ? [`sleep ${durationSeconds}`] : []),
    'mark end',
    `echo ${id}`,
  ];
  return lines.join('\n');
}

/** Returns the content of the file that an intent uploads. */
function contentOf(id: string, sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes, `${id}\n`);
}

/** Returns the SHA-256 of the file that an intent uploads, in hex. */
export function contentHash(id: string, { sizeBytes }: UploadWork): string {
  return createHash('sha256').update(contentOf(id, sizeBytes)).digest('hex');
}

/** When an exec began or ended. */
export interface Mark {
  readonly id: string;
  readonly what: 'begin' | 'end';
  /** In ms since 1970. */
  readonly atMs: number;
}

/** Reads the text of a file of marks. */
export function marksIn(text: string): Mark[] {
  return [...text.matchAll(/^(\S+) (begin|end) ([\d.]+)$/gm)].map(([, id = '', what, uptime]) => ({
    id,
    what: what === 'begin' ? 'begin' : 'end',
    atMs: bootedAtMs + Number(uptime) * 1000,
  }));
}

/** The fields of a create, beside the name. */
export function specificationOf(image: string): object {
  return { image, command: ['sleep', '100000'], pull_policy: 'never', network: 'none' };
}

/** Returns the request for an operation. */
export function requestFor(id: string, work: Work, image: string): Request {
  switch (work.kind) {
    case 'remove':
      return { method: 'DELETE', path: `/containers/${work.container}?force=true` };
    case 'create': {
      const { container: name, pool } = work;
      return { method: 'POST', path: '/containers', body: pool === undefined ? { name, ...specificationOf(image) } : { name, pool } };
    }
    case 'exec': {
      const body = { command: commandOf(id, work, marksPath), ...limitOf(work) };
      return { method: 'POST', path: `/containers/${work.container}/exec`, body };
    }
    case 'run': {
      const command = ['sh', '-c', commandOf(id, work, `${runsPath}${marksPath}`)];
      const volumes = [`${work.volume}:${runsPath}`];
      return { method: 'POST', path: '/runs', body: { image, command, volumes, pull_policy: 'never', network: 'none', ...limitOf(work) } };
    }
    case 'upload':
      return { method: 'PUT', path: `/containers/${work.container}/files?path=${uploadsPath}/${id}`, body: contentOf(id, work.sizeBytes) };
    case 'wait':
      return { method: 'GET', path: `/containers/${work.container}/wait?condition=${work.condition}` };
    case 'pull':
      return { method: 'POST', path: '/images/pull', body: { reference: work.reference } };
  }
}

function limitOf({ timeoutSeconds }: MarkingCommand): { timeout?: number } {
  return timeoutSeconds === undefined ? {} : { timeout: timeoutSeconds };
}
