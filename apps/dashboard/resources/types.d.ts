import type { Cell } from '../shared/types.d.ts';

/** A row of a section. */
export interface Entry {
  /** Unique in its section. */
  readonly key: string;
  readonly name: string;
  readonly node: string;
  /** Returns its cells, without the button. @param now time of the API's clock, in ms since 1970 */
  cells(now: number): readonly Cell[];
  readonly removal: Removal;
}

/** How to remove a resource. */
export interface Removal {
  /** Path of the request, below the base path. */
  readonly path: string;
  /** Such as `volume data`. */
  readonly name: string;
  readonly node: string;
  /** A sentence about further effects. */
  readonly consequence: string;
}

/** A resource that a prune has removed: an image, or a volume or a network with a name. */
export interface Pruned {
  readonly node: string;
  readonly name?: string;
  readonly id?: string;
  readonly references?: readonly string[];
  /** Bytes. */
  readonly size?: number;
}

/** A kind of resources. Its plural is the path of the API and the id of the section. */
export interface ResourceKind<Item> {
  readonly noun: 'image' | 'volume' | 'network';
  readonly title: string;
  /** Caption of the table, for screen readers too. */
  readonly caption: string;
  /** Titles of the columns; the last one has the buttons. */
  readonly columns: readonly string[];
  /** Scope for changes. */
  readonly writeScope: string;
  /** Returns the rows of a resource. */
  toEntries(item: Item): readonly Entry[];
  readonly prune: {
    readonly question: string;
    /** Text of a checkbox. */
    readonly option?: string;
    /** Returns the body of the request. */
    bodyOf(isOptionChosen: boolean): object;
    /** Returns a sentence on what was removed, of which there is at least one. */
    describe(removed: readonly Pruned[]): string;
  };
}

/** A section of the page. */
export interface ResourceSection {
  load(): Promise<void>;
  /** Whether it may be loaded again now. */
  readonly isDue: boolean;
  /** Names of the nodes that have a resource of this kind. */
  readonly nodes: readonly string[];
  /** Loads it again with the next update. */
  expire(): void;
  /** @param now time of the API's clock, in ms since 1970 @param filter part of the names and nodes to show @param canChange whether the token has a scope */
  show(now: number, filter: string, canChange: (scope: string) => boolean): void;
  reset(): void;
}

/** An event of the output of a job. */
export interface OutputEvent {
  readonly id: number;
  readonly event: 'stdout' | 'stderr' | 'ping' | 'exit' | 'error';
  readonly text?: string;
  /** The outcome; only in the last event. */
  readonly status?: string;
  readonly message?: string;
}
