/**
 * Longest time limit of a job that streams to or from a client, in seconds: a week. Usual clients have no limit of their own. Timers
 * of Node.js reach 24 days.
 */
export const maxStreamSeconds = 7 * 24 * 3600;
