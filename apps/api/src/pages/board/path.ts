/** Where the board is. */
export const boardPath = '/queues';

/** Whether a path is the board's. */
export function isBoard(path: string): boolean {
  return path === boardPath || path.startsWith(`${boardPath}/`);
}
