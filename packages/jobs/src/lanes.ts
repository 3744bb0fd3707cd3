/** The lanes of a node, each a queue of its own: long commands never delay quick reads. */
export const lanes = ['commands', 'reads'] as const;

export type Lane = (typeof lanes)[number];
