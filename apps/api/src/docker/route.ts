import { ApiError, type ErrorType } from '@podman-api/errors';
import type { RouteContext } from '../context.ts';
import type { AppParts } from '../parts.ts';

/** A request of a Docker client. */
export interface DockerRequest {
  readonly ctx: RouteContext;
  readonly parts: AppParts;
}

/** A route of the Docker-compatible API. */
export interface DockerRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path without the version, such as `/containers/:name/json`. */
  readonly path: string;
  handle(request: DockerRequest): Promise<void> | void;
}

/** An error with a status that the REST API does not use. */
export class DockerError extends ApiError {
  readonly #status: number;

  constructor(status: number, type: ErrorType, message: string) {
    super(type, message);
    this.#status = status;
  }

  override get status(): number {
    return this.#status;
  }
}

/** Creates the 501 for a feature that this service does not support. @param what such as `HostConfig.Privileged` */
export function notImplemented(what: string, advice: string): ApiError {
  return new DockerError(501, 'MethodNotAllowedError', `${what} is not supported by podman-api: ${advice}.`);
}

/** Returns a path parameter, decoded. */
export function param({ ctx }: DockerRequest, name: string): string {
  return ctx.params[name] ?? '';
}

/** Returns a query parameter; `undefined` if it is missing or empty. The last of several counts. */
export function queryText({ ctx }: DockerRequest, name: string): string | undefined {
  const given = ctx.query[name];
  const value = Array.isArray(given) ? given.at(-1) : given;
  return value === '' ? undefined : value;
}

const falseTexts: ReadonlySet<string> = new Set(['0', 'no', 'false', 'none']);

/** Returns a query parameter that is a boolean, as Docker reads it: all but `0`, `no`, `false` and `none` is true. */
export function queryFlag(request: DockerRequest, name: string, defaultValue = false): boolean {
  const text = queryText(request, name);
  return text === undefined ? defaultValue : !falseTexts.has(text.toLowerCase());
}

/** Returns a query parameter that is a whole number. @throws ApiError (400) */
export function queryInteger(request: DockerRequest, name: string): number | undefined {
  const text = queryText(request, name);
  if (text === undefined) return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw new ApiError('ValidationError', `${name} must be a whole number.`);
  return Number(text);
}
