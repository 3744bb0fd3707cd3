import { toApiError } from '@podman-api/errors';
import type { DownloadHead } from '@podman-api/operations';

/** Headers of a download that a worker may set. */
const downloadHeaders: ReadonlySet<string> = new Set([
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Length',
  'Content-Range',
  'ETag',
  'Last-Modified',
  'Vary',
]);

/** Reads the first message of a download, with the headers that a worker may set. @throws ApiError (500) if it is invalid */
export function readDownloadHead(message: object | undefined): DownloadHead {
  if (!message || !('status' in message) || !('headers' in message)) throw toApiError(new Error('the worker sent no head'));
  const { status, headers } = message;
  if ((status !== 200 && status !== 206 && status !== 304) || typeof headers !== 'object' || headers === null) {
    throw toApiError(new Error('the worker sent an invalid head'));
  }
  const own = Object.entries(headers).filter(
    (entry): entry is [string, string] => downloadHeaders.has(entry[0]) && typeof entry[1] === 'string',
  );
  return { status, headers: Object.fromEntries(own) };
}
