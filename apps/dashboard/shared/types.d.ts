import type { components, operations } from '../../../packages/client/generated/api.d.ts';

/** Schemas of the OpenAPI document. */
type Schemas = components['schemas'];
export type Node = Schemas['Node'];
export type Job = Schemas['ListedJob'];
export type Container = Schemas['ListedContainer'];
export type Stats = Schemas['ContainerStats'];
export type Image = Schemas['ListedImage'];
export type Volume = Schemas['Volume'];
export type Network = Schemas['Network'];
export type Slice = Schemas['Slice'];

/** Fields of every response. */
export interface ApiResponse {
  readonly timestamp: string;
  readonly error?: { readonly message: string };
}

/** The health of the service; `warnings` is missing if a token is required, and none or a wrong one was sent. */
export type Health = operations['healthRead']['responses'][200 | 503]['content']['application/json'];

/** A page that is kept up to date. */
export interface LivePage {
  /** Beginning of the document's title. */
  readonly title: string;
  /** Loads what is due. @throws {ApiUnavailable} */
  load(): Promise<void>;
  /** Shows what was loaded. @param now time of the API's clock, in ms since 1970 */
  show(now: number): void;
  /** Discards all data when the token changes. */
  reset(): void;
}

/** Options of a request. */
export interface RequestOptions {
  /** Default: GET. */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: object;
  /** Header `Prefer`. */
  readonly prefer?: 'respond-async';
}

export interface FleetReport {
  /** Oldest first. */
  readonly recent: readonly Slice[];
}

/** Data of the API that is requested repeatedly. */
export interface PolledResource<Body> {
  /** The last successful response. */
  readonly body: Body | undefined;
  /** Why the data is missing or old; empty if it is neither. */
  readonly problem: string;
  /** Whether it may be requested again now. */
  readonly isDue: boolean;
  load(): Promise<void>;
  /** Requests it again with the next update, because it has changed. */
  expire(): void;
  /** Discards the data when the token changes. */
  reset(): void;
}

/** Content of a table cell. */
export interface Cell {
  readonly text: string;
  /** URL of a job, a container or a page. */
  readonly href?: string;
  /** Makes it a button. */
  readonly onClick?: () => void;
  /** Text for screen readers that replaces the visible one, which it begins with. */
  readonly label?: string;
  /** Color. */
  readonly tone?: 'good' | 'warn' | 'bad' | 'busy' | 'quiet' | undefined;
  /** Filled part of a bar below the text, from 0 to 1. */
  readonly share?: number;
}

export interface Row {
  /** Unique in its table. */
  readonly key: string;
  readonly cells: readonly Cell[];
}
