/** The pattern of one podman command line. */
export interface CommandPattern {
  /** The first arguments: podman's command. */
  readonly command: readonly string[];
  /** The allowed flags with a pattern of their values; `null` for a flag without a value. */
  readonly flags: Readonly<Record<string, RegExp | null>>;
  /** Patterns of the first arguments after `--`, and whether any others may follow. `undefined` if there is no `--`. */
  readonly positionals?: { readonly first: readonly RegExp[]; readonly hasMore: boolean };
}

export const name = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
export const path = /^\/[^\0]*$/;
export const anything = /^[^\0]*$/;
export const one = { first: [name], hasMore: false } as const;
export const image = /^[a-zA-Z0-9][\w.:/@-]*$/;

/** A Go template of the service, without text of a caller. */
export const template = /^\{[\w{}":.,$%() =-]+\}$/;
export const ps: CommandPattern = { command: ['ps'], flags: { all: null, 'no-trunc': null, format: template } };
export const inspect: CommandPattern = { command: ['container', 'inspect'], flags: { format: template }, positionals: one };
