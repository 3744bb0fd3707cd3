import type { HttpClient } from '../http/http-client.ts';
import { type ApiRequest, path, type UploadContent } from '../http/request.ts';
import { readResponse } from '../http/response.ts';
import { retry } from '../http/retry.ts';
import { type CallOptions, type ChangeOptions, readField, runJob } from '../jobs/run-job.ts';
import type { ContainerFile, ExtractedArchive } from '../types.ts';

/** Options of a download. */
export interface DownloadOptions extends CallOptions {
  /** A range of bytes, such as `bytes=0-1023`. */
  readonly range?: string | undefined;
}

/** A file that is being received. */
export interface Download {
  /** Bytes of the body. */
  readonly size: number;
  readonly etag: string;
  /** Fails if the transfer is interrupted. */
  readonly body: ReadableStream<Uint8Array>;
}

/** Sends an upload, again after an error that may be temporary if its content can be read again. */
async function sendContent<Body>(http: HttpClient, request: ApiRequest, content: UploadContent | (() => UploadContent)): Promise<Body> {
  const attempt = async (bytes: UploadContent) => readResponse<Body>(await http.open({ ...request, bytes }));
  if (typeof content !== 'function') return attempt(content);
  const { retryTimeoutMs: timeoutMs, onRetry } = http.settings;
  return retry(() => attempt(content()), { timeoutMs, onRetry, signal: request.signal });
}

/** Creates the calls for files in containers. `name` is a name or an id of a container, `filePath` an absolute path in it. */
export function createFilesApi(http: HttpClient) {
  const target = (name: string) => path`/containers/${name}/files`;
  const archive = (name: string) => path`/containers/${name}/archive`;
  return {
    /**
     * Opens a file to be read.
     * @throws ApiError, UnreachableError, or the reason of the signal
     */
    async download(name: string, filePath: string, { range, signal }: DownloadOptions = {}): Promise<Download> {
      const headers = { Accept: '*/*', ...(range !== undefined && { Range: range }) };
      const response = await http.open({ method: 'GET', path: target(name), query: { path: filePath }, headers, signal });
      if (!response.ok || !response.body) return readResponse<never>(response);
      return { size: Number(response.headers.get('Content-Length')), etag: response.headers.get('ETag') ?? '', body: response.body };
    },
    /**
     * Writes a file, as a whole or not at all.
     * @param content a function is called for each attempt, so that the upload is retried like other calls; anything else is sent once
     * @throws ApiError, UnreachableError, or the reason of the signal
     */
    async upload(
      name: string,
      filePath: string,
      content: UploadContent | (() => UploadContent),
      { signal, ...query }: CallOptions & { readonly mode?: string | undefined; readonly owner?: string | undefined } = {},
    ): Promise<ContainerFile> {
      const headers = { 'Content-Type': 'application/octet-stream' };
      const request = { method: 'PUT', path: target(name), query: { path: filePath, ...query }, headers, signal } as const;
      return (await sendContent<{ readonly file: ContainerFile }>(http, request, content)).file;
    },
    /**
     * Opens a file or directory as a tar archive, which is not compressed when it is read here.
     * @throws ApiError, UnreachableError, or the reason of the signal
     */
    async downloadArchive(name: string, filePath: string, { signal }: CallOptions = {}): Promise<ReadableStream<Uint8Array>> {
      const request = { method: 'GET', path: archive(name), query: { path: filePath }, headers: { Accept: '*/*' }, signal } as const;
      const response = await http.open(request);
      return response.ok && response.body ? response.body : readResponse<never>(response);
    },
    /**
     * Unpacks a tar archive in a directory: all of it, or nothing.
     * @param content a function is called for each attempt, so that the upload is retried like other calls; anything else is sent once
     * @throws ApiError, UnreachableError, or the reason of the signal
     */
    async uploadArchive(
      name: string,
      directory: string,
      content: UploadContent | (() => UploadContent),
      { signal, isCompressed = false }: CallOptions & { readonly isCompressed?: boolean | undefined } = {},
    ): Promise<ExtractedArchive> {
      const headers = { 'Content-Type': 'application/x-tar', ...(isCompressed && { 'Content-Encoding': 'gzip' }) };
      const request = { method: 'PUT', path: archive(name), query: { path: directory }, headers, signal } as const;
      return (await sendContent<{ readonly archive: ExtractedArchive }>(http, request, content)).archive;
    },
    /** Describes a file; a symbolic link at the end of the path is described itself. */
    stat: (name: string, filePath: string, options?: CallOptions): Promise<ContainerFile> =>
      readField(http, { method: 'GET', path: `${target(name)}/stat`, query: { path: filePath } }, 'file', options),
    /** Lists a directory. Default: one level, at most 1000 files. */
    list: (
      name: string,
      filePath: string,
      query: { readonly depth?: number; readonly limit?: number } = {},
      options?: CallOptions,
    ): Promise<readonly ContainerFile[]> =>
      readField(http, { method: 'GET', path: `${target(name)}/list`, query: { path: filePath, ...query } }, 'files', options),
    remove: (
      name: string,
      filePath: string,
      query: { readonly recursive?: boolean } = {},
      options?: ChangeOptions,
    ): Promise<{ readonly path: string; readonly removed: true }> =>
      runJob(http, { method: 'DELETE', path: target(name), query: { path: filePath, ...query } }, options),
    move: (name: string, body: { readonly from: string; readonly to: string }, options?: ChangeOptions): Promise<ContainerFile> =>
      runJob(http, { method: 'POST', path: `${target(name)}/move`, body }, options),
    makeDirectory: (
      name: string,
      body: { readonly path: string; readonly mode?: string; readonly owner?: string },
      options?: ChangeOptions,
    ): Promise<ContainerFile> => runJob(http, { method: 'POST', path: `${target(name)}/directory`, body }, options),
  };
}
