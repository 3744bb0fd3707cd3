import type { components } from '../../../../../packages/client/generated/api.d.ts';

/** What the page reads of the API's answers, as the API's document has it. */
type Schemas = components['schemas'];
export type Node = Schemas['Node'];
export type Job = Schemas['ListedJob'];
export type Container = Schemas['ListedContainer'];
export type Slice = Schemas['Slice'];

/** What stands in every answer. */
export interface Answered {
  readonly timestamp: string;
  readonly error?: { readonly message: string };
}

export interface Health extends Answered {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly podman: 'connected' | 'disconnected';
  /** Missing where a token is wanted, and none or a wrong one was sent. */
  readonly warnings?: readonly string[];
}

export interface Figures {
  /** The oldest first. */
  readonly recent: readonly Slice[];
}

/** What is asked again and again, and was answered last. */
export interface Question<Body> {
  /** The last answer. */
  readonly body: Body | undefined;
  /** Why there is none, or none that is newer. */
  readonly problem: string;
  /** Whether its time has come. */
  readonly due: boolean;
  ask(): Promise<void>;
  /** Forgets all, for another token. */
  reset(): void;
}

/** What stands in a cell of a table. */
export interface Cell {
  readonly text: string;
  /** The job that it leads to. */
  readonly href?: string;
  /** Its colour. */
  readonly tone?: 'good' | 'warn' | 'bad' | 'busy' | 'quiet' | undefined;
  /** How much of a bar below it is filled, from 0 to 1. */
  readonly share?: number;
}

export interface Row {
  /** Tells it from the others. */
  readonly key: string;
  readonly cells: readonly Cell[];
}
