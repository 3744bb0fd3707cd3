/** Content of an upload. A stream is sent as it is read, and the request is not repeated. */
export type UploadContent = string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>;

/** A request to the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Relative to the base path; see `path`. */
  readonly path: string;
  readonly query?: object | undefined;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  /** Sent as they are, instead of `body`. */
  readonly bytes?: UploadContent | undefined;
  /** Whether the response to `bytes` may take longer than five minutes. Default: false. */
  readonly isLong?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborts the request. */
  readonly signal?: AbortSignal | undefined;
}

/** Returns a path with its values percent-encoded: path`/containers/${name}/exec`. */
export function path(texts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: texts }, ...values.map(encodeURIComponent));
}

/** Returns a query string with its `?`, without fields that are `undefined`; empty if none is left. A list is a field for each item. */
export function formatQuery(fields: object): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.filter(one => one !== undefined).map(one => [name, String(one)]);
  });
  const query = new URLSearchParams(pairs).toString();
  return query && `?${query}`;
}
