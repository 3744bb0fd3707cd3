/**
 * Protocol between the worker and the helper that works on a container's files. The worker writes one line of JSON to the
 * helper's stdin, a `HelperInput`, and then, for `write` and `extract`, chunks: their length in four bytes, big-endian, and the
 * bytes; a length of 0 means that the content is complete. If stdin ends before that, nothing is kept. The helper answers with
 * one line of JSON on stdout, a `HelperAnswer`, which for `read` and `archive` comes first and is followed by the bytes; it
 * then exits with 0.
 */

/** Argument of the helper by which its process is found. It does nothing else. */
export const helperMarker = 'podman-api-files-helper';

/** Location of a container's files. */
export type FileTree =
  /** As the container's first process sees them. */
  | { readonly kind: 'process'; readonly pid: number; readonly container: string }
  /** The mounted file system of a container that does not run, or a folder of the worker's own. */
  | { readonly kind: 'folder'; readonly path: string; readonly mounts: readonly TreeMount[] };

/** A mount of a container that does not run. */
export interface TreeMount {
  /** In the container. */
  readonly target: string;
  /** On the host; `undefined` if it must not be opened before the container runs. */
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

/** The first line of the helper's stdin. */
export interface HelperInput {
  readonly tree: FileTree;
  readonly request: HelperRequest;
}

/** Type of a file. */
export const fileTypes = ['file', 'directory', 'symlink', 'pipe', 'socket', 'block_device', 'character_device'] as const;
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

/** Why a request failed. */
export const fileFailures = [
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
