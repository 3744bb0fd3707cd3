import { type Logger, pino, stdTimeFunctions } from 'pino';

/** A log of JSON lines. Nothing that is logged holds a secret, a command's text or a file's content. */
export type Log = Logger;

/**
 * A log on stdout, one JSON line an event.
 * @param app the process's name, in every line
 * @param debug whether debug lines are written too
 */
export function createLog(app: string, debug: boolean): Log {
  return pino({
    level: debug ? 'debug' : 'info',
    base: { app, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
  });
}
