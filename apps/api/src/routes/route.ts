import type { Scope } from '@podman-api/operations';
import type { ObjectSchema, Schema } from 'joi';
import type { RouteContext } from '../context.ts';
import type { AppParts } from '../parts.ts';

/** A route that makes no job, declared once: what serves it, and what the API's document says of it. */
export interface Route {
  /** `job.read`: the noun and what is done. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The whole path. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** What a token needs; any token will do where it says nothing, and where it is `none` there need be no token. */
  readonly scope?: Scope | 'none';
  readonly query?: ObjectSchema;
  /** Headers of the request that mean something here, and what. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** The statuses of errors beside those that every route may answer with. */
  readonly failures?: readonly number[];
  /** Whether it changes something: then who tries it without being allowed to is noted. */
  readonly changes?: true;
  handle(parts: AppParts): (ctx: RouteContext) => void | Promise<void>;
}

/** What is answered: the fields of a JSON object, or texts of other types. */
export interface RouteAnswer {
  readonly description: string;
  readonly body: Schema | Readonly<Record<string, string>>;
  readonly example?: object;
}
