/** Path of the queue board. */
export const boardPath = '/queues';

/** Returns whether a path is the board or below it. */
export function isBoard(path: string): boolean {
  return path === boardPath || path.startsWith(`${boardPath}/`);
}
