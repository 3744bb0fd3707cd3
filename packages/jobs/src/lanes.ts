/**
 * The lanes of a node, each a separate queue: long commands never delay quick reads. Jobs in `waits` run for long and need no
 * process of their own.
 */
export const lanes = ['commands', 'reads', 'waits'] as const;

/** A lane of a node. */
export type Lane = (typeof lanes)[number];
