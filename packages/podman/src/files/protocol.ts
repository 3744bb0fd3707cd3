/**
 * Protocol between the worker and a helper that works on the files of containers. A helper serves one request after the other:
 *
 * 1. The worker writes a line of JSON, a `TitleRequest`. The helper takes it as the title of its process (see `helperTitle`), so that it
 *    can be found if the worker dies, and answers with the line `helperReady`. Only then is it given the request.
 * 2. The worker writes a line of JSON, a `HelperInput`, and then, for `write` and `extract`, the content in chunks: their length in four
 *    bytes, big-endian, and the bytes; a length of 0 means that the content is complete. If stdin ends before that, nothing is kept.
 * 3. The helper answers with a line of JSON, a `HelperAnswer`, which for `read` and `archive` comes first and is followed by the bytes in
 *    chunks, up to one of length 0. When this has been sent, all files of the container are closed and the helper awaits step 1.
 *
 * Lines are in UTF-8, except for names of files, owners and links in an answer: their bytes are sent as they are. The worker replaces those
 * that are not UTF-8 by U+FFFD.
 *
 * After a failure, the helper exits. It also exits when its stdin ends, as it does when the worker dies.
 */

/**
 * First word of the title of each helper process; the markers of its job follow, or `idleTitle`. Where the kernel allows it, it is also
 * the name of the process (PR_SET_NAME(2const)).
 */
export const helperTitle = 'podman-api-files';
/** Title of a helper process without a job. */
export const idleTitle = `${helperTitle} idle`;
/** Name of a helper process in `/proc/<pid>/comm`, which has at most 15 bytes. */
export const helperComm = helperTitle.slice(0, 15);
/** Longest title in bytes. A title takes the place of the arguments, so a helper is started with an argument of this length. */
export const maxTitleBytes = 400;
/** The line by which a helper confirms its name. */
export const helperReady = '{"isReady":true}';

/** Encodes the length of a chunk in bytes, which precedes it. */
export function encodeLength(bytes: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes);
  return length;
}

/** Sets the title that a helper has while it works on a request. */
export interface TitleRequest {
  readonly title: string;
}

/** Location of a container's files. */
export type FileTree =
  /** The files as the container's first process sees them. */
  | { readonly kind: 'process'; readonly pid: number; readonly container: string }
  /** The mounted file system of a container that does not run, or a folder of the worker's own. */
  | { readonly kind: 'folder'; readonly path: string; readonly mounts: readonly TreeMount[] };

/** A mount of a container that does not run. */
export interface TreeMount {
  /** Path in the container. */
  readonly target: string;
  /** Path on the host; `undefined` if it must not be opened before the container runs. */
  readonly source?: string | undefined;
}

/** A byte range of RFC 9110, section 14.1.2: `first` and `last` inclusive, or the last `suffix` bytes. */
export type ByteRange = { readonly first: number; readonly last?: number | undefined } | { readonly suffix: number };

/** A request to the helper. All paths are absolute paths in the container. */
export type HelperRequest =
  | {
      readonly verb: 'read';
      readonly path: string;
      readonly range?: ByteRange | undefined;
      /** The range counts only if the file has this ETag. */
      readonly ifRange?: string | undefined;
      /** ETags for which nothing is sent; `*` for any. */
      readonly ifNoneMatch?: readonly string[] | undefined;
    }
  /** Empty texts stand for the mode and owner of the file that is replaced, or 0644 and root. */
  | { readonly verb: 'write'; readonly path: string; readonly mode: string; readonly owner: string; readonly draft: string }
  /** Removes what a helper that was killed has left of a write. */
  | { readonly verb: 'discard'; readonly path: string; readonly draft: string }
  /** Sends a tar archive. */
  | { readonly verb: 'archive'; readonly path: string; readonly isCompressed: boolean }
  /** Unpacks a tar archive in the folder `path`; `draft` is the name of a folder in it that is used meanwhile. */
  | {
      readonly verb: 'extract';
      readonly path: string;
      readonly draft: string;
      /** Whether everything gets the owner root instead of that in the archive; default: false. */
      readonly dropsOwners?: boolean;
    }
  /** Removes what a helper that was killed has left of an extraction. */
  | { readonly verb: 'discard-extraction'; readonly path: string; readonly draft: string }
  | { readonly verb: 'stat'; readonly path: string }
  | { readonly verb: 'list'; readonly path: string; readonly depth: number; readonly limit: number }
  | { readonly verb: 'remove'; readonly path: string; readonly isRecursive: boolean }
  | { readonly verb: 'move'; readonly from: string; readonly to: string }
  | { readonly verb: 'make-directory'; readonly path: string; readonly mode: string; readonly owner: string };

/** The request with a verb. */
export type HelperRequestOf<Verb extends HelperRequest['verb']> = Extract<HelperRequest, { verb: Verb }>;

/** A request, and the files that it is about. */
export interface HelperInput {
  readonly tree: FileTree;
  readonly request: HelperRequest;
}

const fileTypes = ['file', 'directory', 'symlink', 'pipe', 'socket', 'block_device', 'character_device'] as const;
/** Type of a file (inode(7)). */
export type FileType = (typeof fileTypes)[number];

/** A file of a container. */
export interface ContainerFile {
  readonly path: string;
  readonly name: string;
  readonly type: FileType;
  /** Bytes. */
  readonly size: number;
  /** Four octal digits. */
  readonly mode: string;
  /** Names of the container's own; `null` for ids that it has no name for. */
  readonly owner: string | null;
  readonly group: string | null;
  readonly uid: number;
  readonly gid: number;
  /** ISO 8601. */
  readonly modified_at: string;
  /** `null` unless it is a symbolic link. */
  readonly symlink_target: string | null;
}

const fileFailures = [
  'not-found',
  'directory',
  'not-directory',
  'not-regular',
  'untrusted-link',
  'loop',
  'kernel',
  'mounted',
  'must-run',
  'exists',
  'not-empty',
  'other-file-system',
  'other-type',
  'archive',
  'range',
  'owner',
  'read-only',
  'no-space',
  'gone',
  'failed',
] as const;
/** Why a request failed. */
export type FileFailure = (typeof fileFailures)[number];

/** Head of the answer to a read, before the bytes. */
export interface ReadHead {
  readonly file: ContainerFile;
  readonly etag: string;
  /** The bytes that follow; `undefined` if the caller has them already. */
  readonly part: { readonly first: number; readonly length: number } | undefined;
}

/** Head of the answer to an archive, before the bytes. */
export interface ArchiveHead {
  /** The file or folder at the path. */
  readonly file: ContainerFile;
}

/** An archive that has been unpacked. */
export interface ExtractedArchive {
  /** The folder, without symbolic links. */
  readonly path: string;
  /** Files, folders and links in the archive. */
  readonly entries: number;
  /** Bytes of all files. */
  readonly size: number;
}

/** The helper's answer. */
export type HelperAnswer =
  | { readonly failure: FileFailure; readonly detail: string }
  | { readonly failure?: never; readonly file: ContainerFile }
  | { readonly failure?: never; readonly files: readonly ContainerFile[] }
  | { readonly failure?: never; readonly head: ReadHead | ArchiveHead }
  | { readonly failure?: never; readonly extracted: ExtractedArchive }
  | { readonly failure?: never; readonly done: true };
