import type { components } from '../../../packages/client/generated/api.d.ts';

/** Schemas of the OpenAPI document. */
type Schemas = components['schemas'];
export type Node = Schemas['Node'];
export type Job = Schemas['ListedJob'];
export type Container = Schemas['ListedContainer'];
export type Stats = Schemas['ContainerStats'];
export type Slice = Schemas['Slice'];

/** Fields of every response. */
export interface ApiResponse {
  readonly timestamp: string;
  readonly error?: { readonly message: string };
}

export interface Health extends ApiResponse {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly podman: 'connected' | 'disconnected';
  /** Missing if a token is required, and none or a wrong one was sent. */
  readonly warnings?: readonly string[];
}

export interface Figures {
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
  readonly due: boolean;
  load(): Promise<void>;
  /** Discards the data, for another token. */
  reset(): void;
}

/** Content of a table cell. */
export interface Cell {
  readonly text: string;
  /** URL of a job or a container. */
  readonly href?: string;
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
