import type { Scope } from '@podman-api/operations';
import type { ObjectSchema, Schema } from 'joi';
import type { RouteContext } from '../context.ts';
import type { AppParts } from '../parts.ts';

/** A route that creates no job: its handler and its description in the OpenAPI document. */
export interface Route {
  /** Noun and verb, such as `job.read`. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Complete path. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Scope that a token needs. `undefined`: any token; `none`: no token is required. */
  readonly scope?: Scope | 'none';
  readonly query?: ObjectSchema;
  /** Request headers of this route, with their descriptions. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The JSON body of the request; default: none is described. */
  readonly body?: { readonly schema: ObjectSchema; readonly example: object };
  readonly responses: Readonly<Record<number, RouteResponse>>;
  /** Statuses of errors in addition to those of every route. */
  readonly failures?: readonly number[];
  /** Whether it changes something: refused attempts are then written to the audit log. */
  readonly changes?: true;
  handle(parts: AppParts): (ctx: RouteContext) => void | Promise<void>;
}

/** A response: the fields of a JSON object, or an example for each other media type. */
export interface RouteResponse {
  readonly description: string;
  readonly body: Schema | Readonly<Record<string, string>>;
  readonly example?: object;
}
