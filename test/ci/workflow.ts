import { parse } from 'yaml';

export type Variables = Readonly<Record<string, string>>;

/** A step of a job or of a composite action. */
export interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Variables;
  readonly run?: string;
  readonly shell?: 'sh' | 'bash';
  readonly env?: Variables;
}

export interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  /** A workflow that is called; such a job has no steps. */
  readonly uses?: string;
  readonly permissions?: Variables;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly env?: Variables;
  readonly steps?: readonly Step[];
}

/** A workflow of GitHub Actions, as far as this repository uses its format. */
export interface Workflow {
  readonly on: unknown;
  readonly permissions?: Variables;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': string | boolean };
  readonly env?: Variables;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A composite action. */
export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

export function parseWorkflow(text: string): Workflow {
  return parse(text);
}

export function parseAction(text: string): Action {
  return parse(text);
}
