/** A call of the API. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the base path; see `path`. */
  readonly path: string;
  readonly query?: object | undefined;
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined;
}

/** A path with what stands in it escaped: path`/containers/${name}/exec`. */
export function path(texts: TemplateStringsArray, ...names: readonly string[]): string {
  return String.raw({ raw: texts }, ...names.map(encodeURIComponent));
}

/** A query, without what is not given. */
export function queryOf(fields: object): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query && `?${query}`;
}
