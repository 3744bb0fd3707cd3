import { createHash } from 'node:crypto';
import { assertConforms } from '@podman-api/testing/conform';

/** A response to a request for bytes. */
export interface BytesResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The parsed JSON of an error or of an upload; `undefined` for a download. */
  readonly body: unknown;
}

/** Returns the path of a file's route, below the base path. */
export function filesPath(container: string, path: string, extraQuery: Readonly<Record<string, string>> = {}, route = 'files'): string {
  return `/containers/${container}/${route}?${new URLSearchParams({ path, ...extraQuery })}`;
}

/** Sends a request whose body or response is bytes. */
export async function transfer(url: string, method: string, path: string, init: RequestInit = {}): Promise<BytesResponse> {
  const response = await fetch(`${url}/api/v1${path}`, { method, ...init });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json') ?? false;
  const body: unknown = isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined;
  if (isJson && method !== 'HEAD') assertConforms(method, `/api/v1${path}`, { status: response.status, headers: response.headers, body });
  return { status: response.status, headers: response.headers, bytes, body };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
